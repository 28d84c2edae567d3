import type { Environment } from '../../model/environment';
import type { UserDataFile } from '../bootstrap/user-data';

/**
 * RKE2's configuration of a management server, beyond what the bootstrap writes by itself. RKE2 keeps snapshots on the
 * data disk: it takes them elsewhere by the protocol of S3 alone, which step 58-snapshot-store tells it of; without such a
 * store the server copies them.
 * @see https://docs.rke2.io/reference/server_config
 */
export function serverFiles({ management: { backup } }: Environment): UserDataFile[] {
  return [
    {
      path: '/etc/rancher/rke2/config.yaml.d/40-cluster.yaml',
      // JSON is YAML, and needs no quoting rules.
      content: `${JSON.stringify(
        {
          'etcd-expose-metrics': true,
          'etcd-snapshot-schedule-cron': backup.cron,
          'etcd-snapshot-retention': backup.retention,
        },
        null,
        2,
      )}\n`,
      permissions: '0600',
    },
  ];
}
