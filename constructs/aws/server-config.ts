import type { Environment } from '../../model/environment';
import { keptSnapshots } from '../bootstrap/snapshot-store';
import type { SnapshotBucket } from './snapshot-bucket';

/** A file that cloud-init writes before the bootstrap starts. */
export interface MachineFile {
  readonly path: string;
  readonly content: string;
  /** Octal mode such as `0600`. */
  readonly permissions: string;
}

/** The cluster whose servers are configured. */
export interface ServerFilesProps {
  readonly environment: Environment;
  readonly clusterName: string;
  readonly snapshots: SnapshotBucket;
  /** Manifest of the cloud controller manager. */
  readonly cloudControllerManager: string;
}

/** RKE2's configuration and manifests of a management server, beyond what the bootstrap writes by itself. */
export function serverFiles(props: ServerFilesProps): MachineFile[] {
  return [
    {
      path: '/etc/rancher/rke2/config.yaml.d/40-cluster.yaml',
      // JSON is YAML, and needs no quoting rules.
      content: `${JSON.stringify(rke2Config(props), null, 2)}\n`,
      permissions: '0600',
    },
    {
      path: '/etc/drover/manifests/aws-cloud-controller-manager.yaml',
      content: props.cloudControllerManager,
      permissions: '0600',
    },
  ];
}

/** @see https://docs.rke2.io/reference/server_config */
function rke2Config({ environment, clusterName, snapshots }: ServerFilesProps): Record<string, unknown> {
  const { backup } = environment.management;
  return {
    'cloud-provider-name': 'external',
    'etcd-expose-metrics': true,
    'etcd-snapshot-schedule-cron': backup.cron,
    'etcd-snapshot-retention': backup.retention,
    'etcd-s3': true,
    'etcd-s3-bucket': snapshots.bucket,
    'etcd-s3-region': snapshots.region,
    'etcd-s3-endpoint': s3Endpoint(snapshots.region),
    'etcd-s3-folder': clusterName,
    'etcd-s3-retention': keptSnapshots({ environment, clusterName }),
  };
}

/** Host of the region's S3, for clients that name the bucket themselves. */
export function s3Endpoint(region: string): string {
  return `s3.${region}.${region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'}`;
}
