import type { IAspect } from 'cdktf';
import type { IConstruct } from 'constructs';

/** A resource that carries tags. */
interface Taggable extends IConstruct {
  readonly tagsInput?: Record<string, string> | undefined;
  tags: Record<string, string>;
}

/** Puts tags on everything that can carry them: this provider has no tags of its own. A resource's own tags win. */
export class Tagged implements IAspect {
  public constructor(private readonly tags: Readonly<Record<string, string>>) {}

  public visit(node: IConstruct): void {
    if (isTaggable(node)) node.tags = { ...this.tags, ...node.tagsInput };
  }
}

function isTaggable(node: IConstruct): node is Taggable {
  return 'tagsInput' in node && 'tags' in node;
}
