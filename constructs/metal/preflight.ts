import { AssetType, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { metalSiteOf, vaultOf } from '../../model/lookup';
import { projectPath } from '../core/project-path';
import { hostOf } from './host-spec';
import { portsOfHost } from './host-use';
import { Provisioned } from './provisioned';
import { connection, sshFacts } from './ssh';

/** The host that is looked at. */
export interface PreflightProps {
  readonly environment: Environment;
  readonly siteName: string;
  readonly host: string;
  /** Path of the script that looks, beside the stack. */
  readonly script: string;
}

const SCRIPT = 'drover-preflight.sh';
const CA = 'drover-preflight-ca.pem';

/** A look at a host before anything is changed on it; it fails with one list of all that is wrong. */
export class Preflight extends Construct {
  public constructor(scope: Construct, id: string, { environment, siteName, host, script }: PreflightProps) {
    super(scope, id);
    const site = metalSiteOf(environment, siteName);
    const { address, disks } = hostOf(site, siteName, host);
    const vault = vaultOf(environment, siteName);
    const facts = sshFacts(site, siteName, host);
    const wanted = {
      environment: environment.name,
      address,
      cidr: site.cidr,
      disks: Object.values(disks).join(','),
      ports: portsOfHost(environment, siteName, host).join(','),
      vault: vault.address,
      ...(vault.caFile === undefined ? {} : { 'vault-ca': CA }),
    };
    const words = Object.entries(wanted)
      .filter(([, value]) => value !== '')
      .flatMap(([name, value]) => [`--${name}`, value]);
    new Provisioned(this, 'look', {
      triggers: [wanted, facts],
      connection: connection(facts),
      provisioners: [
        { file: { source: script, destination: SCRIPT } },
        ...(vault.caFile === undefined ? [] : [{ file: { source: this.ca(vault.caFile), destination: CA } }]),
        { 'remote-exec': { inline: [['bash', SCRIPT, ...words].join(' ')] } },
      ],
    });
  }

  private ca(file: string): string {
    return new TerraformAsset(this, 'vault-ca', { path: projectPath(...file.split('/')), type: AssetType.FILE }).path;
  }
}
