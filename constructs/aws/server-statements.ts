import type { ISecret } from '../platform/secret-store';
import { through, type MachineOwner } from './machine-statements';
import { parameterArn } from './parameter-arn';
import type { PodIdentity } from './pod-identity';
import { DISCOVERY_KEYS } from './pod-identity';
import type { Statement } from './policy-document';
import type { SnapshotBucket } from './snapshot-bucket';

/** Parameters that servers write. */
export interface ServerWrites {
  /** Slots that Terraform made and the first server fills. */
  readonly published: readonly ISecret[];
  /** Name of the marker that the first server creates, and nobody overwrites. */
  readonly marker: string;
}

/** Where servers put snapshots and discovery documents. */
export interface ServerBuckets {
  readonly snapshots: SnapshotBucket;
  readonly podIdentity: PodIdentity;
}

/** What any server may do beyond any machine: look at machines for the cloud controller manager, and store its data. */
export function serverStatements(owner: MachineOwner, { snapshots, podIdentity }: ServerBuckets): Statement[] {
  return [
    cloudControllerManager(),
    {
      Sid: 'ListSnapshots',
      Effect: 'Allow',
      Action: ['s3:ListBucket', 's3:GetBucketLocation'],
      Resource: snapshots.arn,
    },
    {
      Sid: 'KeepSnapshots',
      Effect: 'Allow',
      Action: ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'],
      Resource: `${snapshots.arn}/*`,
    },
    {
      Sid: 'EncryptSnapshots',
      Effect: 'Allow',
      Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
      Resource: owner.network.kmsKeyArn,
      Condition: through(owner.network, 's3'),
    },
    {
      Sid: 'PublishDiscovery',
      Effect: 'Allow',
      Action: 's3:PutObject',
      Resource: DISCOVERY_KEYS.map((key) => `${podIdentity.bucketArn}/${key}`),
    },
  ];
}

/** What the servers of a cluster that nobody else raises may write. */
export function publishStatements({ network }: MachineOwner, { published, marker }: ServerWrites): Statement[] {
  return [
    {
      Sid: 'Publish',
      Effect: 'Allow',
      Action: 'ssm:PutParameter',
      Resource: [...published.map((it) => it.handle), parameterArn(network, marker)],
    },
    {
      Sid: 'EncryptPublished',
      Effect: 'Allow',
      Action: ['kms:Encrypt', 'kms:GenerateDataKey'],
      Resource: network.kmsKeyArn,
      Condition: through(network, 'ssm'),
    },
  ];
}

/** Reads of parameters that hold no secret and that Terraform does not make first. */
export function parameterReads({ network }: MachineOwner, names: readonly string[]): Statement {
  return {
    Sid: 'ReadMarkers',
    Effect: 'Allow',
    Action: 'ssm:GetParameter',
    Resource: names.map((name) => parameterArn(network, name)),
  };
}

/**
 * Reads of the node controllers. Drover runs neither the service nor the route controller: web traffic comes by a load
 * balancer of the stack, so that no machine may change the network.
 * @see https://cloud-provider-aws.sigs.k8s.io/prerequisites/
 */
function cloudControllerManager(): Statement {
  return {
    Sid: 'CloudControllerManager',
    Effect: 'Allow',
    Action: [
      'ec2:DescribeAvailabilityZones',
      'ec2:DescribeInstanceTopology',
      'ec2:DescribeInstances',
      'ec2:DescribeRegions',
      'ec2:DescribeVpcs',
    ],
    Resource: '*',
  };
}
