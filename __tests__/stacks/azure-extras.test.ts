import { Testing } from 'cdktf';
import { zabbixKey } from '../../constructs/azure/zabbix';
import type { Environment } from '../../model/environment';
import { ClusterStack } from '../../stacks/cluster-stack';
import { NetworkStack } from '../../stacks/network-stack';
import { cloudConfigOf, settingsOf } from '../constructs/aws/cloud-config';
import { all, only, synthesized, type Synthesized } from '../support/synth';
import { environmentWith, machine, withShop } from '../constructs/azure/fixture';

const zabbix = { server: ['10.30.0.5', '192.0.2.7'], pskSecret: 'keyvault:watch-psk' };
const adminToken = { name: 'token', handle: '/subscriptions/s/vaults/v/secrets/token', region: 'westeurope' };

function machinesOf(environment: Environment): Synthesized {
  const app = Testing.app();
  const { site } = new NetworkStack(app, environment, 'weu');
  const rancher = { url: 'https://rancher.staging.example.com', adminToken };
  return synthesized(new ClusterStack(app, environment, 'shop', { site, rancher }));
}

const server = (from: Synthesized): string =>
  settingsOf(cloudConfigOf(only(from.resource, 'azurerm_linux_virtual_machine', 'machines_servers_s1')['custom_data']));
const group = (from: Synthesized): Record<string, unknown> =>
  only(from.resource, 'azurerm_linux_virtual_machine_scale_set', 'machines_groups_workers');
const worker = (from: Synthesized): string => settingsOf(cloudConfigOf(group(from)['custom_data']));

const plain = machinesOf(withShop());

test('Docker comes to the pool that asks for it, and kubectl to the servers that do', () => {
  const shop = machinesOf(
    withShop({
      kubernetesVersion: 'v1.34.1+rke2r1',
      servers: { machine, kubectl: true },
      nodeGroups: { workers: { maxSize: 3, machine, docker: { version: '27.5.1-0ubuntu3' } } },
    }),
  );
  expect(worker(shop)).toContain("STEPS='10-host 12-pod-metadata 30-docker 60-rancher-agent 80-health 85-leaving'\n");
  expect(worker(shop)).toContain("DOCKER_VERSION='27.5.1-0ubuntu3'\n");
  expect(worker(shop)).not.toContain('KUBECTL');
  expect(server(shop)).toContain(' 20-data-disk 55-kubectl 60-rancher-agent ');
  expect(server(shop)).toContain("KUBECTL_VERSION='v1.34.1'\n");
  expect(server(shop)).not.toContain('DOCKER');
});

describe('Zabbix', () => {
  const watched = machinesOf(environmentWith({ zabbix }));

  test('watches every machine by a key of the vault', () => {
    for (const settings of [server(watched), worker(watched)]) {
      expect(settings).toContain(
        [
          "ZABBIX_SERVER='10.30.0.5,192.0.2.7'",
          "ZABBIX_PSK_PARAMETER='watch-psk'",
          "ZABBIX_PSK_IDENTITY='drover-staging'",
        ].join('\n'),
      );
      expect(settings).toContain(' 35-zabbix-agent ');
    }
  });

  test.each(['foundation_role', 'machines_groups_workers_role'])('lets %s read the key and no other secret', (role) => {
    const scopes = (from: Synthesized): unknown[] =>
      all(from.resource, 'azurerm_role_assignment', role)
        .filter((it) => it['role_definition_name'] === 'Key Vault Secrets User')
        .map((it) => it['scope']);
    expect(scopes(watched)).toHaveLength(scopes(plain).length + 1);
    expect(scopes(watched)).toContainEqual(expect.stringMatching(/^\$\{.*vault.*\}\/secrets\/watch-psk$/));
  });

  test('is let in and told by its addresses alone, and without it nobody is', () => {
    const addresses = ['10.30.0.5/32', '192.0.2.7/32'];
    const rules = (port: string): Record<string, unknown>[] =>
      all(watched.resource, 'azurerm_network_security_rule').filter((it) => it['destination_port_range'] === port);
    expect(rules('10050').map((it) => [it['direction'], it['source_address_prefixes']])).toEqual([
      ['Inbound', addresses],
      ['Inbound', addresses],
    ]);
    expect(rules('10051').map((it) => [it['direction'], it['destination_address_prefixes']])).toEqual([
      ['Outbound', addresses],
      ['Outbound', addresses],
    ]);
    expect(plain.text).not.toMatch(/monitors|1005[01]/);
  });

  test('has its key in the vault and nowhere else', () => {
    expect(() => zabbixKey({ kind: 'ssm', path: '/watch/psk' })).toThrow(
      "'zabbix.pskSecret' is a secret of kind 'ssm', machines of Azure read it as 'keyvault' alone; write 'keyvault:name'",
    );
  });
});

test('machines get another bundle with a hook', () => {
  const bundleOf = (from: Synthesized): unknown => only(from.resource, 'azurerm_storage_blob')['name'];
  const hooked = machinesOf(environmentWith({ bootstrap: { hooks: { before: ['tools/test.sh'] } } }));
  expect(bundleOf(plain)).toMatch(/^shop\/[0-9a-f]{64}\.tar$/);
  expect(bundleOf(hooked)).not.toBe(bundleOf(plain));
});

test('a machine may join and settle before it is judged by its health', () => {
  const workers = { maxSize: 3, machine, joinTimeoutSec: 1200, healthGraceSec: 300 };
  expect(group(machinesOf(withShop({ nodeGroups: { workers } })))).toMatchObject({
    automatic_instance_repair: { grace_period: 'PT25M' },
  });
});

test('Rancher forgets a machine when the environment says so', () => {
  const { text } = machinesOf(withShop({ forgetMachinesAfterSec: 120 }));
  expect(text).toContain('"rke.cattle.io/delete-missing-custom-machines-after": "120s"');
});
