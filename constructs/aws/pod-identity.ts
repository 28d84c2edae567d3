import { IamOpenidConnectProvider } from '@cdktf/provider-aws/lib/iam-openid-connect-provider';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { physicalName, uniquePart } from '../../model/naming';
import type { Network } from './network';
import { PrivateBucket } from './private-bucket';
import { s3Host } from './s3-host';

/** The cluster whose pods get identities. */
export interface PodIdentityProps {
  readonly environment: Environment;
  readonly network: Network;
  readonly clusterName: string;
}

/** Audience of tokens that STS accepts. */
export const STS_AUDIENCE = 'sts.amazonaws.com';

/** What STS reads to check a token; a server of the cluster writes both (OpenID Connect Discovery 1.0, section 4). */
export const DISCOVERY_KEYS = ['.well-known/openid-configuration', 'openid/v1/jwks'] as const;

const NONCURRENT_DAYS = 30;

/** Public discovery address of a cluster's service-account tokens, and IAM's trust in it. */
export class PodIdentity extends Construct {
  /** `service-account-issuer` of the cluster: an HTTPS address, known at synth; it can never change. */
  public readonly issuer: string;
  /** Name of the bucket to which a server publishes discovery and keys. */
  public readonly bucket: string;
  public readonly bucketArn: string;
  /** ARN of IAM's identity provider. */
  public readonly providerArn: string;

  public constructor(scope: Construct, id: string, props: PodIdentityProps) {
    super(scope, id);
    const { environment, network, clusterName } = props;
    const discovery = new PrivateBucket(this, 'discovery', {
      bucketName: physicalName('awsS3Bucket', [
        'drover',
        environment.name,
        clusterName,
        'identity',
        uniquePart(environment.domain),
      ]),
      noncurrentDays: NONCURRENT_DAYS,
      disposable: true,
      publicKeys: DISCOVERY_KEYS,
    });
    this.bucket = discovery.bucketName;
    this.bucketArn = discovery.arn;
    this.issuer = `https://${s3Host(this.bucket, network.region)}`;
    const provider = new IamOpenidConnectProvider(this, 'provider', {
      url: this.issuer,
      clientIdList: [STS_AUDIENCE],
      // IAM looks at the certificate of the address when the provider is made.
      dependsOn: [...discovery.settings],
    });
    this.providerArn = provider.arn;
  }
}
