import { Testing } from 'cdktf';
import { ManagementServersStack } from '../../stacks/management-servers-stack';
import { NetworkStack } from '../../stacks/network-stack';
import { cloudConfigOf, settingsOf } from '../constructs/aws/cloud-config';
import { machine, machinesOf, withShop } from '../constructs/aws/machines-fixture';
import { all, only, synthesized, type Synthesized } from '../support/synth';
import { environmentWith } from '../constructs/aws/network-fixture';

const repository = {
  source: 'https://packages.example.org/ubuntu noble main',
  keyUrl: 'https://packages.example.org/key.gpg',
  keySha256: 'a'.repeat(64),
};
const docker = { version: '5:28.3.2-1~ubuntu.24.04~noble', repository };
const zabbix = { server: ['10.20.0.5', '192.0.2.7'], pskSecret: 'ssm:/watch/psk' };

const server = (from: Synthesized): string =>
  settingsOf(cloudConfigOf(only(from.resource, 'aws_instance', 'machines_servers_s1')['user_data_base64']));
const worker = (from: Synthesized): string =>
  settingsOf(cloudConfigOf(only(from.resource, 'aws_launch_template', 'machines_groups_workers')['user_data']));

/** A member in a watched environment. */
function watched(changes: object = {}): Synthesized {
  const { zabbix: spec } = environmentWith({ zabbix: { ...zabbix, ...changes } });
  if (spec === undefined) throw new Error('the environment has no Zabbix');
  return machinesOf({ ...withShop(), zabbix: spec });
}

describe('Docker', () => {
  test('comes to the pool that asks for it, pinned, from its own source', () => {
    const group = { maxSize: 3, machine, docker };
    const shop = machinesOf(withShop({ nodeGroups: { workers: group } }));
    expect(worker(shop)).toContain("STEPS='10-host 30-docker 60-rancher-agent ");
    expect(worker(shop)).toContain(
      [
        "DOCKER_VERSION='5:28.3.2-1~ubuntu.24.04~noble'",
        "DOCKER_REPOSITORY='https://packages.example.org/ubuntu noble main'",
        "DOCKER_KEY_URL='https://packages.example.org/key.gpg'",
        `DOCKER_KEY_SHA256='${'a'.repeat(64)}'`,
      ].join('\n'),
    );
    expect(server(shop)).not.toMatch(/docker/i);
  });

  test("is the distribution's own without a source", () => {
    const shop = machinesOf(withShop({ servers: { machine, docker: { version: '27.5.1-0ubuntu3' } } }));
    expect(server(shop)).toContain("DOCKER_VERSION='27.5.1-0ubuntu3'\n");
    expect(server(shop)).not.toContain('DOCKER_REPOSITORY');
    expect(worker(shop)).not.toMatch(/docker/i);
  });
});

describe('kubectl', () => {
  test("comes to the servers that ask for it, in the cluster's own version", () => {
    const shop = machinesOf(withShop({ kubernetesVersion: 'v1.34.1+rke2r1', servers: { machine, kubectl: true } }));
    expect(server(shop)).toContain("KUBECTL_VERSION='v1.34.1'\n");
    expect(server(shop)).toContain(' 20-data-disk 55-kubectl 60-rancher-agent ');
    expect(worker(shop)).not.toContain('kubectl');
  });

  test('comes before the cluster on a management server', () => {
    const servers = { machine, kubectl: true };
    const environment = environmentWith({ management: { site: 'eu', hostname: 'rancher.dev.example.com', servers } });
    const app = Testing.app();
    const { site } = new NetworkStack(app, environment, 'eu');
    const { resource } = synthesized(new ManagementServersStack(app, environment, { site, siteEgress: [] }));
    const userData = only(resource, 'aws_instance', 'management_servers_s2')['user_data_base64'];
    expect(settingsOf(cloudConfigOf(userData))).toContain(' 50-rke2-install 55-kubectl 60-rke2-server ');
  });
});

describe('Zabbix', () => {
  test('watches every machine by one key, whose name follows from the environment', () => {
    const shop = watched();
    for (const settings of [server(shop), worker(shop)]) {
      expect(settings).toContain(
        [
          "ZABBIX_SERVER='10.20.0.5,192.0.2.7'",
          "ZABBIX_PSK_PARAMETER='/watch/psk'",
          "ZABBIX_PSK_IDENTITY='drover-dev'",
        ].join('\n'),
      );
      expect(settings).toContain(' 35-zabbix-agent ');
    }
  });

  test('takes version, source and name of the key from the environment', () => {
    const settings = worker(watched({ version: '1:7.0.18-1', pskIdentity: 'fleet', repository }));
    expect(settings).toContain("ZABBIX_PSK_IDENTITY='fleet'\nZABBIX_VERSION='1:7.0.18-1'\n");
    expect(settings).toContain("ZABBIX_KEY_URL='https://packages.example.org/key.gpg'\n");
  });

  test.each(['machines_servers_role', 'machines_groups_workers_role'])(
    'lets %s read the key and no other parameter',
    (role) => {
      const sidsOf = (from: Synthesized): Map<string, { Resource: unknown; Action: unknown }> => {
        const { policy } = only(from.resource, 'aws_iam_role_policy', role);
        const { Statement: statements } = JSON.parse(String(policy)) as {
          Statement: { Sid: string; Resource: unknown; Action: unknown }[];
        };
        return new Map(statements.map((it) => [it.Sid, it]));
      };
      const [plain, more] = [sidsOf(machinesOf(withShop())), sidsOf(watched())];
      expect([...more.keys()].filter((sid) => !plain.has(sid))).toEqual(['ReadZabbixKey', 'DecryptZabbixKey']);
      expect(more.get('ReadZabbixKey')).toMatchObject({
        Action: 'ssm:GetParameter',
        Resource: expect.stringMatching(
          /^arn:\$\{.*partition\}:ssm:eu-west-1:\$\{.*account_id\}:parameter\/watch\/psk$/,
        ),
      });
      expect(more.get('DecryptZabbixKey')).toMatchObject({
        Condition: { StringEquals: { 'kms:ViaService': 'ssm.eu-west-1.amazonaws.com' } },
      });
    },
  );

  test('is let in by its addresses alone, and without it nobody is', () => {
    const { resource } = watched();
    const list = only(resource, 'aws_ec2_managed_prefix_list', 'foundation_security_monitors');
    expect(list).toMatchObject({ entry: [{ cidr: '10.20.0.5/32' }, { cidr: '192.0.2.7/32' }], max_entries: 5 });
    const rules = all(resource, 'aws_vpc_security_group_ingress_rule').filter((it) => it['from_port'] === 10050);
    expect(rules).toHaveLength(2);
    for (const rule of rules) expect(rule['prefix_list_id']).toMatch(/foundation_security_monitors/);
    expect(machinesOf(withShop()).text).not.toMatch(/monitors|1005[01]/);
  });
});
