import { Annotations, LocalBackend, TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment } from '../model/environment';
import { unreachable } from '../model/errors';
import type { DnsSpec } from '../model/spec/dns';
import { prepareOnAws, route53Zone } from './platforms/prepare-on-aws';
import { azureZone, prepareOnAzure } from './platforms/prepare-on-azure';

/**
 * What must exist before the first deploy of an environment: where its states lie, and its DNS zone.
 * It keeps its own state in a file beside its configuration, because the place for states is what it makes;
 * `drover prepare` puts both where they outlive the output of a synth.
 */
export class PrepareStack extends TerraformStack {
  public constructor(
    scope: Construct,
    private readonly environment: Environment,
  ) {
    const name = `${environment.name}-prepare`;
    super(scope, name);
    this.addOverride('terraform.required_version', '>= 1.11.0');
    new LocalBackend(this, { path: `${name}.tfstate` });
    this.states();
    this.zones();
  }

  private states(): void {
    const { state, name, tags } = this.environment;
    const marked = { ...tags, 'drover:env': name };
    switch (state.kind) {
      case 's3':
        if (state.endpoint !== undefined || state.kmsKeyId === undefined) {
          this.mustExist(`bucket '${state.bucket}' lies in a store of your own and is not made here; it must exist`);
          return;
        }
        prepareOnAws(this, { ...state, kmsKeyId: state.kmsKeyId }, name, marked);
        return;
      case 'azurerm':
        prepareOnAzure(this, state, marked);
        return;
      default:
        return unreachable('state', state);
    }
  }

  /** The environment's zone, and those that single sites have for themselves. */
  private zones(): void {
    const { domain, dns, sites } = this.environment;
    this.zone(this, dns, domain);
    const own = new Construct(this, 'sites');
    for (const [name, site] of Object.entries(sites)) {
      // A site may say of the environment's zone that people write its names there.
      if (site.dns === undefined || site.dns.zone === dns.zone) continue;
      this.zone(new Construct(own, name), site.dns, site.domain ?? domain, name);
    }
  }

  /** A zone is made only where it is the domain's own; others hold names of somebody else. */
  private zone(scope: Construct, dns: DnsSpec, domain: string, site?: string): void {
    const { state, name } = this.environment;
    const { zone, resourceGroup } = dns;
    if (dns.manual) {
      this.mustExist(`zone '${zone}' is written by people and not made here; it must exist`);
      return;
    }
    if (!dns.public) {
      const at = site === undefined ? 'dns.zone' : `sites.${site}.dns.zone`;
      this.mustExist(`zone '${zone}' is private and needs a network to exist; make it and name it in '${at}'`);
      return;
    }
    if (zone !== domain) {
      this.mustExist(`zone '${zone}' holds more than the domain '${domain}' and is not made here; it must exist`);
      return;
    }
    if ((resourceGroup === undefined) !== (state.kind === 's3')) {
      this.mustExist(`zone '${zone}' lies with another platform than the states and is not made here; it must exist`);
      return;
    }
    const nameServers =
      resourceGroup === undefined ? route53Zone(scope, zone, name) : azureZone(scope, zone, resourceGroup);
    const output = new TerraformOutput(scope, 'name-servers', {
      value: nameServers,
      description: `NS records to put into the zone above '${zone}'`,
    });
    output.overrideLogicalId(['name-servers', ...(site === undefined ? [] : [site])].join('-'));
  }

  private mustExist(message: string): void {
    Annotations.of(this).addWarning(message);
  }
}
