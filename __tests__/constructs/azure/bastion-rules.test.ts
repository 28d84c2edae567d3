import { ClusterGroup } from '../../../constructs/azure/cluster-group';
import { ClusterSecurity, type ClusterSecurityProps } from '../../../constructs/azure/cluster-security';
import { securityRules } from '../../../constructs/azure/security-rules';
import { bastionFlows } from '../../../constructs/platform/bastion-flows';
import { flows } from '../../../constructs/platform/flows';
import { withStorage } from '../../../constructs/platform/storage-flows';
import type { Environment } from '../../../model/environment';
import { shopStack } from '../../stacks/mixed-fixture';
import { all, only, type Synthesized } from '../../support/synth';
import { mixedWith, sites } from '../mixed-fixture';
import { environmentWith, inStack, networkIn, withBastion } from './fixture';

const RULE = 'azurerm_network_security_rule';
const BASTION = ['10.30.255.0/24'];

const security = (environment: Environment, props: Partial<ClusterSecurityProps> = {}): Synthesized =>
  inStack((stack) => {
    const owner = { environment, network: networkIn(stack, environment), clusterName: 'shop' };
    new ClusterSecurity(stack, 'security', {
      ...owner,
      group: new ClusterGroup(stack, 'group', owner).place,
      webCidrs: ['0.0.0.0/0'],
      planeCidrs: ['10.30.0.0/16'],
      ...props,
    });
  });
const rulesOf = (from: Synthesized): Record<string, unknown>[] => all(from.resource, RULE, 'security_rules_');

test('each rule of the table is there once: the bastion reaches servers, workers and storage nodes', () => {
  const built = rulesOf(security(withBastion(), { storage: true })).filter(({ access }) => access === 'Allow');
  const zabbixless = securityRules([...withStorage(flows), ...bastionFlows]).filter(({ peer }) => peer !== 'monitors');
  expect(built.map(({ name }) => name).sort()).toEqual(zabbixless.map(({ id }) => id).sort());
  expect(securityRules(bastionFlows).map(({ id }) => id)).toEqual([
    'server-ssh-from-bastion',
    'worker-ssh-from-bastion',
    'storage-ssh-from-bastion',
  ]);
});

test.each(['server', 'worker', 'storage'])('SSH to a %s comes from the subnet of the bastion alone', (role) => {
  const built = security(withBastion(), { storage: true });
  expect(only(built.resource, RULE, `security_rules_${role}-ssh-from-bastion`)).toMatchObject({
    direction: 'Inbound',
    access: 'Allow',
    protocol: 'Tcp',
    destination_port_range: '22',
    source_address_prefixes: BASTION,
    destination_application_security_group_ids: [expect.stringContaining(`security_${role}`)],
  });
  const ssh = rulesOf(built).filter((rule) => rule['destination_port_range'] === '22');
  expect(ssh).toHaveLength(3);
});

test('without a bastion no rule of a cluster is about SSH', () => {
  const ports = rulesOf(security(environmentWith(), { storage: true })).map((rule) => rule['destination_port_range']);
  expect(ports).toContain('6443');
  expect(ports).not.toContain('22');
});

test('no rule moves when a site gets a bastion, nor those of the bastion when a cluster gets storage nodes', () => {
  const places = (from: Synthesized): Record<string, unknown> =>
    Object.fromEntries(rulesOf(from).map(({ name, priority }) => [String(name), priority]));
  const both = places(security(withBastion(), { storage: true }));
  expect(both).toMatchObject(places(security(withBastion())));
  expect(both).toMatchObject(places(security(environmentWith(), { storage: true })));
  expect(places(security(withBastion()))).toMatchObject(places(security(environmentWith())));
});

test('the name and the reason of each rule are such as Azure takes', () => {
  for (const { id, description } of securityRules(bastionFlows)) {
    expect(id).toMatch(/^[a-z][a-z-]{0,79}$/);
    expect(description.length).toBeLessThanOrEqual(140);
  }
});

test('workers that are guests of a site with a bastion are reached by it as well, those at home are not', () => {
  const { management } = mixedWith(['workers']);
  const mixed = shopStack(
    mixedWith(['workers', 'weu'], {
      sites: { ...sites, weu: { ...sites.weu, bastion: true } },
      management: { ...management, allowedCidrs: ['203.0.113.0/24'] },
    }),
  );
  const ssh = all(mixed.resource, RULE).filter((rule) => rule['destination_port_range'] === '22');
  expect(ssh).toMatchObject([{ name: 'worker-ssh-from-bastion', source_address_prefixes: BASTION, priority: 4011 }]);
  const onAws = all(mixed.resource, 'aws_vpc_security_group_ingress_rule');
  expect(onAws.length).toBeGreaterThan(0);
  expect(onAws.filter((rule) => rule['from_port'] === 22)).toEqual([]);
});
