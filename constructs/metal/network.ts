import { AssetType, TerraformAsset, TerraformOutput } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { metalSiteOf } from '../../model/lookup';
import type { MetalSiteSpec } from '../../model/spec/site';
import { projectPath } from '../core/project-path';
import type { INetwork } from '../platform/network';
import { namesOfSite } from './names';
import { Preflight } from './preflight';

/** What a site's network is made of. */
export interface NetworkProps {
  readonly environment: Environment;
  /** The site's key in the environment; it must be on metal. */
  readonly siteName: string;
}

/** The network of one site on metal: it is there, so its hosts are looked at and its names are told. */
export class Network extends Construct implements INetwork {
  public readonly siteName: string;
  public readonly region: string;
  public readonly cidr: string;
  public readonly egressCidrs: readonly string[];
  public readonly site: MetalSiteSpec;

  public constructor(scope: Construct, id: string, { environment, siteName }: NetworkProps) {
    super(scope, id);
    this.site = metalSiteOf(environment, siteName);
    this.siteName = siteName;
    this.region = this.site.region;
    this.cidr = this.site.cidr;
    this.egressCidrs = this.site.egressCidrs;
    const script = new TerraformAsset(this, 'preflight-script', {
      path: projectPath('userdata', 'preflight.sh'),
      type: AssetType.FILE,
    });
    const preflight = new Construct(this, 'preflight');
    for (const host of Object.keys(this.site.hosts).filter((it) => !this.site.leaving.includes(it))) {
      new Preflight(preflight, host, { environment, siteName, host, script: script.path });
    }
    const names = new TerraformOutput(this, 'names', {
      value: namesOfSite(environment, siteName),
      description: 'Names that must lead to these addresses; on metal people write them',
    });
    names.overrideLogicalId('names');
  }
}
