import { readFileSync } from 'node:fs';
import { Testing } from 'cdktf';
import type { Environment } from '../../model/environment';
import { ClusterStack } from '../../stacks/cluster-stack';
import { ManagementServersStack } from '../../stacks/management-servers-stack';
import { NetworkStack } from '../../stacks/network-stack';
import { cloudConfigOf, settingsOf } from '../constructs/aws/cloud-config';
import { all, only, synthesized, type Synthesized } from '../support/synth';
import { withSite, withShop } from '../constructs/azure/fixture';
import { labWith, settingsOf as settingsOfHost, workOf } from '../constructs/metal/fixture';

const PEM = '-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIB\n-----END CERTIFICATE-----\n';

/** Both clusters of an environment, by the names of their stacks. */
function stacksOf(
  environment: Environment,
  site: string,
  cluster: string,
): Readonly<Record<'management' | 'member', Synthesized>> {
  const app = Testing.app();
  const { site: place } = new NetworkStack(app, environment, site);
  const secret = (id: string): { name: string; handle: string; region: string } => ({
    name: id,
    handle: `a/data/${id}`,
    region: site,
  });
  const rancher = {
    url: `https://${environment.management.hostname}`,
    adminToken: secret('token'),
    caCertificates: secret('ca'),
  };
  return {
    management: synthesized(new ManagementServersStack(app, environment, { site: place, siteEgress: [] })),
    member: synthesized(new ClusterStack(app, environment, cluster, { site: place, rancher })),
  };
}

describe('on metal', () => {
  const metal = stacksOf(labWith(), 'hall', 'plant');
  const plain = stacksOf(
    labWith([/ {4}snapshots:\n( {6}.*\n)+/.exec(readFileSync('environments/lab.yaml', 'utf8'))?.[0] ?? '', '']),
    'hall',
    'plant',
  );
  const settings = (of: Synthesized, host: string): Record<string, string> =>
    settingsOfHost(workOf(of, `_${host}_bundle_`));
  const policy = ({ resource }: Synthesized, host: string): string => {
    const [, block] =
      Object.entries(resource['vault_policy'] ?? {}).find(([name]) => name.includes(`_${host}_role_`)) ?? [];
    return String(block?.['policy']);
  };
  const READ = 'path "drover/data/shared/snapshots" {\n  capabilities = ["read"]\n}\n';

  test.each([
    ['management', 'mgmt-01'],
    ['management', 'mgmt-03'],
    ['member', 'plant-01'],
    ['member', 'plant-03'],
  ] as const)('a server of the %s cluster is told of the store, and of names of its keys alone: %s', (kind, host) => {
    expect(settings(metal[kind], host)).toMatchObject({
      SNAPSHOT_S3_ENDPOINT: 's3.example.com',
      SNAPSHOT_S3_BUCKET: 'drover-lab-snapshots',
      SNAPSHOT_S3_REGION: 'eu-west-1',
      SNAPSHOT_S3_FOLDER: kind === 'member' ? 'lab-plant' : 'lab-management',
      // RKE2 counts those of three servers together.
      SNAPSHOT_S3_RETENTION: '84',
      SNAPSHOT_S3_ACCESS_KEY: 'drover/shared/snapshots#access-key',
      SNAPSHOT_S3_SECRET_KEY: 'drover/shared/snapshots#secret-key',
      STEPS: expect.stringMatching(/ 58-snapshot-store 60-/),
    });
    expect(settings(metal[kind], host)).not.toHaveProperty('SNAPSHOT_S3_CA');
    expect(policy(metal[kind], host)).toContain(READ);
    expect(policy(plain[kind], host)).toBe(policy(metal[kind], host).replace(READ, ''));
    expect(Object.keys(settings(plain[kind], host)).filter((it) => it.startsWith('SNAPSHOT_'))).toEqual([]);
  });

  test.each([
    ['management', 'gate-01'],
    ['member', 'work-01'],
    ['member', 'web-01'],
    ['member', 'brick-01'],
  ] as const)('no other host of the %s cluster is: %s', (kind, host) => {
    expect(JSON.stringify(settings(metal[kind], host))).not.toMatch(/SNAPSHOT_|58-snapshot-store/);
    expect(policy(metal[kind], host)).not.toContain('snapshots');
  });

  test('Rancher is told of no store, so that no key passes through it', () => {
    expect(JSON.stringify(only(metal.member.resource, 'rancher2_cluster_v2'))).not.toMatch(/s3/i);
  });

  test('a private CA is a setting of one line', () => {
    const own = labWith([
      '      bucket: drover-lab-snapshots',
      `      bucket: drover-lab-snapshots\n      ca: ${JSON.stringify(PEM)}`,
    ]);
    const told = settings(stacksOf(own, 'hall', 'plant').member, 'plant-01')['SNAPSHOT_S3_CA'];
    expect(Buffer.from(told ?? '', 'base64').toString()).toBe(PEM);
  });
});

describe('on Azure', () => {
  const store = { bucket: 'snapshots', accessKey: 'keyvault:s3-access', secretKey: 'keyvault:s3-secret' };
  const azure = stacksOf(withSite({ snapshots: { ...store, endpoint: 's3.example.com:9000' } }), 'weu', 'shop');
  const onHttps = stacksOf(withSite({ snapshots: { ...store, endpoint: 's3.example.com' } }), 'weu', 'shop');
  const plain = stacksOf(withShop(), 'weu', 'shop');
  const kinds = [
    ['management', 'management_servers_s1', 'management_role'],
    ['member', 'machines_servers_s1', 'foundation_role'],
  ] as const;
  const settings = (of: Synthesized, server: string): string =>
    settingsOf(cloudConfigOf(only(of.resource, 'azurerm_linux_virtual_machine', server)['custom_data']));
  const toStore = (of: Synthesized): Record<string, unknown>[] =>
    all(of.resource, 'azurerm_network_security_rule').filter((it) => it['name'] === 'server-to-snapshot-store');

  test.each(kinds)('a server of the %s cluster is told of the store in place of a container', (kind, server) => {
    const told = settings(azure[kind], server);
    expect(told).toContain(
      [
        "SNAPSHOT_S3_ENDPOINT='s3.example.com:9000'",
        "SNAPSHOT_S3_BUCKET='snapshots'",
        "SNAPSHOT_S3_REGION='us-east-1'",
        `SNAPSHOT_S3_FOLDER='staging-${kind === 'member' ? 'shop' : kind}'`,
        "SNAPSHOT_S3_RETENTION='84'",
        "SNAPSHOT_S3_ACCESS_KEY='s3-access'",
        "SNAPSHOT_S3_SECRET_KEY='s3-secret'",
      ].join('\n'),
    );
    expect(told).toMatch(/ 58-snapshot-store 60-/);
    expect(told).not.toMatch(/SNAPSHOT_CONTAINER|70-snapshot-copies/);
    expect(settings(plain[kind], server)).not.toMatch(/SNAPSHOT_S3|58-snapshot-store/);
  });

  test.each(kinds)('there is no account for copies of the %s cluster then', (kind) => {
    const accounts = (of: Synthesized): number => all(of.resource, 'azurerm_storage_account').length;
    expect(accounts(azure[kind])).toBe(accounts(plain[kind]) - 1);
    expect(azure[kind].resource).not.toHaveProperty('azurerm_storage_management_policy');
  });

  test.each(kinds)('the servers of the %s cluster alone read the two keys, and nothing more', (kind, _, role) => {
    const scopes = (of: Synthesized, part = ''): string[] =>
      all(of.resource, 'azurerm_role_assignment', part)
        .filter((it) => it['role_definition_name'] === 'Key Vault Secrets User')
        .map((it) => String(it['scope']));
    const keys = scopes(azure[kind], role).filter((it) => it.includes('/secrets/s3-'));
    expect(keys).toEqual([
      expect.stringMatching(/^\$\{.*vault.*\}\/secrets\/s3-access$/),
      expect.stringMatching(/^\$\{.*vault.*\}\/secrets\/s3-secret$/),
    ]);
    expect(scopes(azure[kind])).toHaveLength(scopes(plain[kind]).length + 2);
  });

  test.each(kinds)('the servers of the %s cluster reach the port of the store, where it is not open anyway', (kind) => {
    expect(toStore(azure[kind])).toEqual([
      expect.objectContaining({
        direction: 'Outbound',
        access: 'Allow',
        priority: 4002,
        protocol: 'Tcp',
        destination_port_range: '9000',
        source_application_security_group_ids: [expect.stringContaining('server')],
      }),
    ]);
    expect([...toStore(onHttps[kind]), ...toStore(plain[kind])]).toEqual([]);
  });

  test('a worker is told nothing of it', () => {
    const group = only(azure.member.resource, 'azurerm_linux_virtual_machine_scale_set', 'machines_groups_workers');
    expect(settingsOf(cloudConfigOf(group['custom_data']))).not.toContain('SNAPSHOT');
  });
});
