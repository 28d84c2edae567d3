import { AssetType, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { vaultOf } from '../../model/lookup';
import type { HooksSpec } from '../../model/spec/bootstrap';
import { archiveFile, packBundle } from '../bootstrap/bundle-archive';
import { hookFiles } from '../bootstrap/hooks';
import { projectPath } from '../core/project-path';

/** The site whose hosts it is brought to. */
export interface BundleProps {
  readonly environment: Environment;
  readonly siteName: string;
  /** Scripts of one machine alone. @default - the environment's alone */
  readonly hooks?: HooksSpec;
}

/** What is brought to every host of a cluster, or to one machine, as files beside the stack. */
export class Bundle extends Construct {
  /** The scripts as one archive. */
  public readonly archive: string;
  /** SHA-256 of the archive, lower-case hex. */
  public readonly sha256: string;
  /** The script that lets a host in. */
  public readonly enter: string;
  /** Certificates that Vault is trusted by; none where the system's own do. */
  public readonly vaultCa: string | undefined;

  public constructor(scope: Construct, id: string, { environment, siteName, hooks }: BundleProps) {
    super(scope, id);
    const { bytes, sha256 } = packBundle(projectPath('userdata'), hookFiles(environment, hooks));
    const { caFile } = vaultOf(environment, siteName);
    this.archive = this.asset('archive', archiveFile(bytes, sha256));
    this.sha256 = sha256;
    this.enter = this.asset('enter', projectPath('userdata', 'enter.sh'));
    this.vaultCa = caFile === undefined ? undefined : this.asset('vault-ca', projectPath(...caFile.split('/')));
  }

  private asset(id: string, path: string): string {
    return new TerraformAsset(this, id, { path, type: AssetType.FILE }).path;
  }
}
