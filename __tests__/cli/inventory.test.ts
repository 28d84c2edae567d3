import * as path from 'node:path';
import { parse } from 'yaml';
import { ansibleInventory } from '../../cli/inventory/ansible';
import { collectInventory, countTypes } from '../../cli/inventory/collect';
import { inventoryTree } from '../../cli/inventory/tree';
import { loadEnvironment } from '../../model/environment';
import { importedSpec } from '../../model/spec/imported';
import { stackOf } from '../rehearsal/support/stacks';

const environment = loadEnvironment(path.join(__dirname, '..', '..', 'environments', 'dev.yaml'));
const at = (path: string): { '//': { metadata: { path: string } } } => ({ '//': { metadata: { path } } });

const stacks = [
  stackOf('dev-eu-network', { resource: { aws_vpc: { network_vpc: at('dev-eu-network/network/vpc') } } }),
  stackOf('dev-management-servers', {
    resource: {
      aws_network_interface: {
        s1: {
          ...at('dev-management-servers/servers/s1/interface'),
          private_ips: ['10.20.240.83'],
          tags: { Name: 'dev-management-s1', 'drover:node': 's1' },
        },
        other: { ...at('dev-management-servers/other'), private_ips: ['10.20.0.9'], tags: { Name: 'not a server' } },
      },
    },
  }),
  stackOf('dev-shop-cluster', {
    resource: {
      aws_autoscaling_group: {
        workers: { ...at('dev-shop-cluster/groups/workers/group'), name: 'drover-dev-shop-workers' },
        ingress: { ...at('dev-shop-cluster/groups/ingress/group'), name: 'drover-dev-shop-ingress' },
      },
    },
  }),
];

test('resources are found below their site, stack and construct', () => {
  const inventory = collectInventory(environment, stacks);
  expect(inventory.sites).toHaveLength(1);
  expect(inventory.sites[0]?.stacks[1]).toEqual({
    name: 'dev-management-servers',
    resources: 2,
    constructs: [
      { path: '', types: { aws_network_interface: ['aws_network_interface.other'] } },
      { path: 'servers/s1', types: { aws_network_interface: ['aws_network_interface.s1'] } },
    ],
  });
});

test('the tree names each construct once', () => {
  expect(inventoryTree(collectInventory(environment, stacks))).toBe(
    [
      'dev',
      '  eu',
      '    dev-eu-network (1 resource)',
      '      network: aws_vpc',
      '    dev-management-servers (2 resources)',
      '      (the stack itself): aws_network_interface',
      '      servers/s1: aws_network_interface',
      '    dev-shop-cluster (2 resources)',
      '      groups/ingress: aws_autoscaling_group',
      '      groups/workers: aws_autoscaling_group',
      '',
    ].join('\n'),
  );
});

test('types are counted over all stacks', () => {
  expect([...countTypes(stacks)]).toEqual([
    ['aws_autoscaling_group', 2],
    ['aws_network_interface', 2],
    ['aws_vpc', 1],
  ]);
});

test('Ansible gets the servers by their fixed addresses, and is told how to find the others', () => {
  expect(ansibleInventory(environment, stacks)).toBe(
    [
      '# Servers only: their addresses stay. They have no public address and no SSH key;',
      '# reach them from a routed network or by SSM.',
      '# Members of these scaling groups come and go; list them with the amazon.aws.aws_ec2 plugin,',
      '# filter tag:aws:autoscaling:groupName:',
      '#   drover-dev-shop-ingress',
      '#   drover-dev-shop-workers',
      '',
      'all:',
      '  vars:',
      '    drover_environment: dev',
      '  children:',
      '    cluster_management:',
      '      hosts:',
      '        dev-management-s1:',
      '          ansible_host: 10.20.240.83',
      '          drover_cluster: management',
      '          drover_server: s1',
      '          drover_site: eu',
      '          drover_stack: dev-management-servers',
      '    cluster_shop:',
      '      hosts: {}',
      '    role_server:',
      '      children:',
      '        cluster_management: {}',
      '        cluster_shop: {}',
      '',
    ].join('\n'),
  );
});

test('servers on every platform are told with the way to them', () => {
  const production = loadEnvironment(path.join(__dirname, '..', '..', 'environments', 'production.yaml'));
  const onAzure = stackOf('production-shop-west-cluster', {
    resource: {
      azurerm_network_interface: {
        s1: {
          ...at('production-shop-west-cluster/machines/servers/s1/interface'),
          name: 'production--shop-west--s1',
          ip_configuration: [{ private_ip_address: '10.72.240.14' }],
          tags: { 'drover:node': 's1' },
        },
      },
      azurerm_linux_virtual_machine_scale_set: { workers: { ...at('x'), name: 'production--shop-west--workers' } },
    },
  });
  const text = ansibleInventory(production, [onAzure]);
  expect(text).toContain('# On metal they are reached by SSH with the keys of your agent.\n');
  expect(text).toContain('#   production--shop-west--workers\n');
  expect(parse(text)).toMatchObject({
    all: {
      children: {
        cluster_shop_west: {
          hosts: { 'production--shop-west--s1': { ansible_host: '10.72.240.14', drover_site: 'weu' } },
        },
        cluster_shop_branch: {
          hosts: {
            'plane-03': {
              ansible_host: '10.80.0.13',
              ansible_user: 'drover',
              ansible_ssh_common_args: '-o ProxyJump=drover@bastion.paris.example.com:22',
              drover_site: 'paris',
            },
          },
        },
      },
    },
  });
});

test('a cluster that others made is found where the management cluster stands', () => {
  const { shop } = environment.clusters;
  if (shop === undefined) throw new Error("the example has no cluster 'shop'");
  const erp = importedSpec.parse({
    kind: 'imported',
    cloud: 'alibaba',
    region: 'cn-hangzhou',
    api: { endpoint: 'https://erp.example.com', token: 'ssm:/erp/token' },
  });
  const withErp = { ...environment, clusters: { shop, erp } };
  const agent = stackOf('dev-erp-cluster', {
    resource: { helm_release: { agent: at('dev-erp-cluster/agent/release') } },
  });
  const names = collectInventory(withErp, [...stacks, agent]).sites[0]?.stacks.map(({ name }) => name);
  expect(names).toContain('dev-erp-cluster');
  expect(ansibleInventory(withErp, [...stacks, agent])).not.toContain('erp');
});
