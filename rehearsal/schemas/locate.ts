import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { bindingMissing, bindingPackageMissing } from './errors';

/** What a type is: `resource` or `data source`. */
export type TypeKind = 'resource' | 'data source';

const TYPE_DECLARATION = /static readonly tfResourceType = "(\w+)"/;
const PINNED_VERSION = /providerVersion: '([^']+)'/;

/** The installed bindings of one provider. */
export class BindingPackage {
  private readonly folder: string;
  private folders: Map<string, string> | undefined;

  /**
   * @param projectRoot folder whose node_modules holds the bindings
   * @param provider local name of the provider, such as `aws`
   * @throws if there are none
   */
  public constructor(
    projectRoot: string,
    private readonly provider: string,
  ) {
    this.folder = path.join(projectRoot, 'node_modules', '@cdktf', `provider-${provider}`, 'lib');
    if (!existsSync(this.providerFile)) throw bindingPackageMissing(provider, this.folder);
  }

  /** The binding of the provider's own configuration. */
  public get providerFile(): string {
    return path.join(this.folder, 'provider', 'index.js');
  }

  /** The provider version that the bindings were generated from. */
  public get version(): string {
    const [, version] = PINNED_VERSION.exec(readFileSync(this.providerFile, 'utf8')) ?? [];
    if (version === undefined) throw bindingMissing('version of provider', this.provider, this.folder);
    return version;
  }

  /**
   * The binding of a type.
   * @throws if there is none
   */
  public fileOf(kind: TypeKind, type: string): string {
    const folder = this.usualFolder(kind, type) ?? this.indexedFolder(kind, type);
    if (folder === undefined) throw bindingMissing(kind, type, this.folder);
    return path.join(this.folder, folder, 'index.js');
  }

  private usualFolder(kind: TypeKind, type: string): string | undefined {
    const name = kind === 'resource' ? type.slice(this.provider.length + 1) : `data_${type}`;
    const folder = name.replace(/_/g, '-');
    return this.typeIn(folder) === type ? folder : undefined;
  }

  /** Folders of a few types have other names (digits, reserved words): then every folder is asked, once. */
  private indexedFolder(kind: TypeKind, type: string): string | undefined {
    const isDataSource = (name: string): boolean => name.startsWith(`data-${this.provider}-`);
    this.folders ??= new Map(
      readdirSync(this.folder).map((name) => [
        keyOf(isDataSource(name) ? 'data source' : 'resource', this.typeIn(name) ?? ''),
        name,
      ]),
    );
    return this.folders.get(keyOf(kind, type));
  }

  private typeIn(folder: string): string | undefined {
    const file = path.join(this.folder, folder, 'index.d.ts');
    return existsSync(file) ? TYPE_DECLARATION.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
  }
}

function keyOf(kind: TypeKind, type: string): string {
  return `${kind} ${type}`;
}
