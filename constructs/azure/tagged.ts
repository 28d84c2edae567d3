import { TerraformResource, type IAspect } from 'cdktf';
import type { IConstruct } from 'constructs';

/** A resource that carries tags. */
interface Taggable extends IConstruct {
  readonly tagsInput?: Record<string, string> | undefined;
  tags: Record<string, string>;
}

/**
 * Puts tags on everything of Azure that can carry them: its provider has no tags of its own. A resource's own tags win.
 * Other platforms in the stack tag their resources themselves.
 */
export class Tagged implements IAspect {
  public constructor(private readonly tags: Readonly<Record<string, string>>) {}

  public visit(node: IConstruct): void {
    if (isTaggable(node)) node.tags = { ...this.tags, ...node.tagsInput };
  }
}

function isTaggable(node: IConstruct): node is Taggable {
  const isAzure = TerraformResource.isTerraformResource(node) && node.terraformResourceType.startsWith('azurerm_');
  return isAzure && 'tagsInput' in node && 'tags' in node;
}
