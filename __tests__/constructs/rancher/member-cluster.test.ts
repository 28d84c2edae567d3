import { Rancher2Provider } from '@cdktf/provider-rancher2/lib/provider';
import { TerraformOutput } from 'cdktf';
import { MemberCluster, type MemberClusterProps } from '../../../constructs/rancher/member-cluster';
import { only } from '../../support/synth';
import { synthesize } from '../kubernetes/support';

function member(changes: Partial<MemberClusterProps> = {}): ReturnType<typeof synthesize> {
  return synthesize((scope) => {
    new Rancher2Provider(scope, 'rancher2', { apiUrl: 'https://rancher.example.com' });
    const { registrationToken, caChecksum, clusterV1Id } = new MemberCluster(scope, 'member', {
      name: 'shop',
      kubernetesVersion: 'v1.35.7+rke2r1',
      machineGlobalConfig: { cni: 'canal', 'ingress-controller': 'none' },
      ...changes,
    });
    new TerraformOutput(scope, 'handed-over', { value: [registrationToken, caChecksum, clusterV1Id] });
  });
}

describe('a member cluster', () => {
  test('is a custom cluster with one configuration for every machine', () => {
    expect(only(member().resource, 'rancher2_cluster_v2')).toMatchObject({
      name: 'shop',
      kubernetes_version: 'v1.35.7+rke2r1',
      rke_config: { machine_global_config: '${yamlencode({"cni" = "canal", "ingress-controller" = "none"})}' },
    });
  });

  test('has neither machine pools nor a machine selector, which would switch kernel protection off', () => {
    const { text } = member();
    expect(text).not.toContain('machine_pools');
    expect(text).not.toContain('machine_selector_config');
  });

  test('is upgraded one server and a tenth of the workers at a time, each drained first', () => {
    const drained = { enabled: true, ignore_daemon_sets: true, delete_empty_dir_data: true, timeout: 600 };
    expect(only(member().resource, 'rancher2_cluster_v2')).toMatchObject({
      rke_config: {
        upgrade_strategy: {
          control_plane_concurrency: '1',
          worker_concurrency: '10%',
          control_plane_drain_options: drained,
          worker_drain_options: drained,
        },
      },
    });
  });

  test('forgets machines whose nodes are gone, where it is told to', () => {
    const cluster = only(member({ deleteMissingMachinesAfter: '1h30m' }).resource, 'rancher2_cluster_v2');
    expect(cluster).toMatchObject({ annotations: { 'rke.cattle.io/delete-missing-custom-machines-after': '1h30m' } });
    expect(only(member().resource, 'rancher2_cluster_v2')).not.toHaveProperty('annotations');
  });

  test('refuses a time that is no duration', () => {
    expect(() => member({ deleteMissingMachinesAfter: 'ten minutes' })).toThrow(
      "'deleteMissingMachinesAfter' ('ten minutes') of cluster 'shop' is not a duration; give hours, minutes or seconds such as '10m'",
    );
  });

  test('keeps snapshots in a bucket that servers write to by their own identity', () => {
    const s3 = { bucket: 'snapshots', region: 'eu-west-1', endpoint: 's3.eu-west-1.amazonaws.com' };
    const { resource } = member({ snapshots: { cron: '0 */6 * * *', retention: 28, s3 } });
    expect(only(resource, 'rancher2_cluster_v2')).toMatchObject({
      rke_config: {
        etcd: { snapshot_schedule_cron: '0 */6 * * *', snapshot_retention: 28, s3_config: { ...s3, folder: 'shop' } },
      },
    });
  });

  test('hands over the token, the checksum of the node command or "none", and its id', () => {
    const { text } = member();
    expect(text).toContain('cluster_registration_token[0].token');
    expect(text).toContain('try(element(regex(\\"--ca-checksum ([0-9a-f]{64})\\"');
    expect(text).toContain('cluster_registration_token[0].node_command), 0), \\"none\\")');
    expect(text).toContain('cluster_v1_id');
  });
});
