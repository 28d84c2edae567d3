import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Route53Zone } from '@cdktf/provider-aws/lib/route53-zone';
import { Annotations, LocalBackend, TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { PrivateBucket } from '../constructs/aws/private-bucket';
import type { Environment } from '../model/environment';

/** Days that earlier states stay recoverable. */
const STATE_HISTORY_DAYS = 365;

/** Days in which a deleted key can be brought back; the longest that KMS offers. */
const DELETION_WINDOW_DAYS = 30;

/**
 * What must exist before the first deploy of an environment: the bucket and key of its states, and its DNS zone.
 * It keeps its own state in a file beside its configuration, because the bucket for states is what it makes;
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
    new AwsProvider(this, 'aws', {
      region: environment.state.region,
      defaultTags: [{ tags: { ...environment.tags, 'drover:env': environment.name } }],
    });
    new PrivateBucket(this, 'states', {
      bucketName: environment.state.bucket,
      kmsKeyArn: this.stateKey(),
      noncurrentDays: STATE_HISTORY_DAYS,
      undestroyable: true,
    });
    this.zone();
  }

  /** A key that is named by its ARN exists already; an alias is what Drover makes. */
  private stateKey(): string {
    const { kmsKeyId } = this.environment.state;
    if (!kmsKeyId.startsWith('alias/')) return kmsKeyId;
    const key = new KmsKey(this, 'state-key', {
      description: `Drover: states of environment ${this.environment.name}`,
      enableKeyRotation: true,
      deletionWindowInDays: DELETION_WINDOW_DAYS,
      lifecycle: { preventDestroy: true },
    });
    new KmsAlias(this, 'state-key-alias', { name: kmsKeyId, targetKeyId: key.keyId });
    return key.arn;
  }

  /** The zone is made only where it is the environment's own; others hold names of somebody else. */
  private zone(): void {
    const { domain, dns } = this.environment;
    if (!dns.public) {
      this.mustExist(`zone '${dns.zone}' is private and needs a network to exist; make it and name it in 'dns.zone'`);
      return;
    }
    if (dns.zone !== domain) {
      this.mustExist(`zone '${dns.zone}' holds more than the domain '${domain}' and is not made here; it must exist`);
      return;
    }
    const zone = new Route53Zone(this, 'zone', {
      name: dns.zone,
      comment: `Drover: environment ${this.environment.name}`,
    });
    new TerraformOutput(this, 'name-servers', {
      value: zone.nameServers,
      description: `NS records to put into the zone above '${dns.zone}'`,
    });
  }

  private mustExist(message: string): void {
    Annotations.of(this).addWarning(message);
  }
}
