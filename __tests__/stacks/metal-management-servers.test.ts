import { Testing } from 'cdktf';
import type { Environment } from '../../model/environment';
import { ManagementServersStack } from '../../stacks/management-servers-stack';
import { NetworkStack } from '../../stacks/network-stack';
import { all, inventory, only, synthesized, type Synthesized } from '../support/synth';
import { hostsBefore, labWith, settingsOf, withoutBastion, workOf } from '../constructs/metal/fixture';

function build(of: Environment): Synthesized {
  const app = Testing.app();
  const { site } = new NetworkStack(app, of, 'hall');
  return synthesized(new ManagementServersStack(app, of, { site, siteEgress: [] }));
}

const stack = build(labWith());
const bundleOf = (host: string, from: Synthesized = stack): ReturnType<typeof workOf> =>
  workOf(from, `_${host}_bundle_`);

test('the stack consists of these', () => {
  expect(inventory(stack)).toMatchSnapshot();
});

test('the state lies in a store of its own', () => {
  const { backend } = (JSON.parse(stack.text) as { terraform: { backend: { s3: object } } }).terraform;
  expect(backend.s3).toEqual({
    bucket: 'drover-lab',
    key: 'lab/lab-management-servers.tfstate',
    region: 'eu-west-1',
    endpoints: { s3: 'https://s3.example.com' },
    use_lockfile: true,
    use_path_style: true,
    skip_credentials_validation: true,
    skip_metadata_api_check: true,
    skip_region_validation: true,
    skip_requesting_account_id: true,
  });
});

test('hosts are changed one after the other: load balancers first, then each server after the one before', () => {
  expect(hostsBefore(bundleOf('gate-01'))).toEqual([]);
  expect(hostsBefore(bundleOf('gate-02'))).toEqual(['gate-01']);
  expect(hostsBefore(bundleOf('mgmt-01'))).toEqual(['gate-01', 'gate-02']);
  expect(hostsBefore(bundleOf('mgmt-02'))).toEqual(['mgmt-01']);
  expect(hostsBefore(bundleOf('mgmt-03'))).toEqual(['mgmt-02']);
});

test('only the first server may begin the cluster and tells others of it', () => {
  // The scripts have tests of their own.
  expect(settingsOf(bundleOf('mgmt-01'))).toMatchSnapshot({ BUNDLE_SHA256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  const { INITIALISER, PUBLISH_DEPLOYER, STEPS } = settingsOf(bundleOf('mgmt-02'));
  expect({ INITIALISER, PUBLISH_DEPLOYER }).toEqual({ INITIALISER: 'false' });
  expect(STEPS?.split(' ')).not.toContain('61-publish');
});

test('servers join at the virtual address, which load balancers keep among them', () => {
  expect(settingsOf(bundleOf('mgmt-03'))['REGISTRATION_ADDRESS']).toBe('10.40.0.5');
  expect(settingsOf(bundleOf('gate-02'))).toMatchObject({
    DROVER_ROLE: 'nginx',
    NGINX_SERVERS: '10.40.0.11 10.40.0.12 10.40.0.13',
    NGINX_PORTS: '6443 9345 80 443',
    KEEPALIVED_ADDRESS: '10.40.0.5/24',
    KEEPALIVED_PEERS: '10.40.0.21',
    KEEPALIVED_ROUTER_ID: '51',
    KEEPALIVED_PRIORITY: '100',
    STEPS: '14-firewall 65-nginx 66-keepalived',
  });
  expect(settingsOf(bundleOf('gate-01'))['KEEPALIVED_PRIORITY']).toBe('150');
});

test('what a host is brought is brought anew when it changes, and on that host alone', () => {
  const changed = build(labWith(['serial:LAB-MGMT-02', 'serial:NEW-DISK']));
  const triggers = (from: Synthesized): unknown[] =>
    ['mgmt-01', 'mgmt-02', 'gate-01'].map((host) => bundleOf(host, from).triggers_replace?.[1]);
  const [before, after] = [triggers(stack), triggers(changed)];
  expect(after[0]).toBe(before[0]);
  expect(after[1]).not.toBe(before[1]);
  expect(after[2]).toBe(before[2]);
});

test('a host is let in by one command, with nothing that is not uploaded before it', () => {
  const { provisioner, connection } = bundleOf('mgmt-01');
  const uploads = provisioner.flatMap(({ file }) => file?.destination ?? []);
  const [command = ''] = provisioner.flatMap((it) => it['remote-exec']?.inline ?? []);
  const [sudo, bash, ...words] = command.split(' ');
  expect([sudo, bash]).toEqual(['sudo', 'bash']);
  expect(words.filter((word) => !/^[0-9a-f]{64}$/.test(word)).sort()).toEqual([...uploads].sort());
  expect(connection).toMatchObject({
    type: 'ssh',
    agent: true,
    host: '10.40.0.11',
    bastion_host: 'bastion.example.com',
  });
  expect(stack.text).not.toMatch(/private_key|"password"/);
});

test('a host that is reached straight has no bastion', () => {
  const { connection } = bundleOf('mgmt-01', build(withoutBastion()));
  expect(Object.keys(connection ?? {}).sort()).toEqual([
    'agent',
    'host',
    'host_key',
    'port',
    'timeout',
    'type',
    'user',
  ]);
});

test('a membership ends by what it remembers alone', () => {
  const { provisioner } = workOf(stack, 'membership-mgmt-01');
  const [work] = provisioner;
  expect(provisioner).toHaveLength(1);
  expect(work?.['remote-exec']).toMatchObject({
    when: 'destroy',
    inline: ['sudo test ! -e /opt/drover/bundle/leave-cluster.sh || sudo /opt/drover/bundle/leave-cluster.sh'],
  });
  const references = Object.values(work?.['remote-exec']?.connection ?? {}).filter((it) => String(it).startsWith('${'));
  expect(references.every((it) => /^\$\{(try\()?self\.input\.ssh\.\w+(, null\))?\}$/.test(String(it)))).toBe(true);
  expect(workOf(stack, 'membership-mgmt-01')).toMatchObject({
    input: { host: 'mgmt-01', cluster: 'management', ssh: { host: '10.40.0.11', bastion_port: 22 } },
  });
});

describe('the role of a host in Vault', () => {
  const policyOf = (host: string): string =>
    String(only(stack.resource, 'vault_policy', `management_servers_${host}`)['policy']);

  test('lets the first server fill its slots and create the marker once', () => {
    const rights = [...policyOf('mgmt-01').matchAll(/path "([^"]+)" \{\n {2}capabilities = (\[[^\]]+\])/g)];
    expect(
      rights.map(([, path = '', capabilities = '']) => [path.replace(/_[0-9A-F]{8}\.path/, ''), capabilities]),
    ).toEqual([
      ['${vault_kv_secret_v2.management_secrets_join}', '["read"]'],
      ['${vault_kv_secret_v2.management_secrets_ca-hash}', '["create","read","update"]'],
      ['${vault_kv_secret_v2.management_secrets_deployer}', '["create","read","update"]'],
      ['drover/data/lab/management/cluster-initialised', '["create","read"]'],
      // The keys of the store for snapshots.
      ['drover/data/shared/snapshots', '["read"]'],
    ]);
  });

  test('lets the others read, and load balancers nothing at all', () => {
    expect(policyOf('mgmt-02')).not.toMatch(/create|update|deployer/);
    expect(only(stack.resource, 'vault_policy', 'plane_gate-01')['policy']).toBe('# nothing');
  });

  test('is of use from its own address alone', () => {
    expect(only(stack.resource, 'vault_approle_auth_backend_role', 'management_servers_mgmt-01')).toMatchObject({
      role_id: 'drover.lab.management.mgmt-01',
      token_bound_cidrs: ['10.40.0.11/32'],
      secret_id_bound_cidrs: ['10.40.0.11/32'],
      token_no_default_policy: true,
    });
  });

  test('has a secret that travels wrapped', () => {
    expect(all(stack.resource, 'vault_approle_auth_backend_role_secret_id')).toHaveLength(5);
    for (const secret of all(stack.resource, 'vault_approle_auth_backend_role_secret_id')) {
      expect(secret).toMatchObject({ wrapping_ttl: '24h', with_wrapped_accessor: true });
    }
    const brought = bundleOf('mgmt-01').provisioner.find(({ file }) => file?.destination === 'drover-secret-id');
    expect(brought?.file?.content).toMatch(/\.wrapping_token\}$/);
  });
});

test('no secret is read into the state, and none stays when its cluster goes', () => {
  for (const secret of all(stack.resource, 'vault_kv_secret_v2', 'management_')) {
    expect(secret).toMatchObject({ disable_read: true, delete_all_versions: true });
  }
  expect(only(stack.resource, 'vault_kv_secret_v2', 'management_secrets_ca-hash')['data_json_wo']).toContain('pending');
});

test('the marker is taken over once all servers are there', () => {
  const marker = only(stack.resource, 'vault_kv_secret_v2', 'management_initialised');
  expect(marker['name']).toBe('lab/management/cluster-initialised');
  expect(hostsBefore({ provisioner: [], depends_on: marker['depends_on'] as string[] })).toEqual([
    'mgmt-01',
    'mgmt-02',
    'mgmt-03',
  ]);
});

test('certificates of Vault are brought along where the environment has some', () => {
  const own = build(labWith(['kind: vault\n', 'kind: vault\n  caFile: __tests__/constructs/metal/vault-ca.pem\n']));
  const { provisioner } = bundleOf('mgmt-01', own);
  expect(provisioner.flatMap(({ file }) => file?.destination ?? [])).toContain('drover-vault-ca.pem');
  expect(provisioner.flatMap((it) => it['remote-exec']?.inline ?? [])[0]).toMatch(
    / drover-secret-id drover-vault-ca\.pem$/,
  );
  expect(settingsOf(bundleOf('mgmt-01', own))['VAULT_CA_FILE']).toBe('/etc/drover/vault-ca.pem');
  expect(JSON.parse(own.text)).toMatchObject({
    provider: { vault: [{ ca_cert_file: expect.stringMatching(/vault-ca\.pem$/) }] },
  });
});
