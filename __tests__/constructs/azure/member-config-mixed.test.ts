import type { TerraformStack } from 'cdktf';
import { memberConfig } from '../../../constructs/azure/member-config';
import { MemberFoundation } from '../../../constructs/azure/member-foundation';
import { raisedMembers } from '../../../model/lookup';
import { synthesized } from '../../support/synth';
import { emptyStack, environmentWith, machine, networkIn } from './fixture';

const cloud = { instanceType: 'm7i.large', image: 'ami-0123456789abcdef0' };

function configWith(groups: object): { stack: TerraformStack; config: ReturnType<typeof memberConfig> } {
  const { weu } = environmentWith().sites;
  const environment = environmentWith({
    sites: { weu, us: { platform: 'aws', region: 'us-east-1', cidr: '10.21.0.0/16' } },
    links: [{ sites: ['weu', 'us'] }],
    clusters: {
      shop: { site: 'weu', servers: { machine }, nodeGroups: { workers: { maxSize: 3, machine }, ...groups } },
    },
  });
  const spec = raisedMembers(environment)['shop'];
  if (spec === undefined) throw new Error('no shop');
  const stack = emptyStack();
  const owner = { environment, network: networkIn(stack, environment), clusterName: 'shop', spec };
  return { stack, config: memberConfig(new MemberFoundation(stack, 'foundation', owner)) };
}

test('a mixed cluster on Azure has the configuration that its disk driver reads, and no cloud controller manager', () => {
  const { config } = configWith({ us: { site: 'us', maxSize: 1, machine: cloud } });
  expect(config.additionalManifest).toContain('name: azure-cloud-config');
  expect(config.additionalManifest).not.toContain('HelmChart');
  expect(config.machineGlobalConfig).not.toHaveProperty('cloud-provider-name');
});

test('a cluster in one site has both', () => {
  const { config } = configWith({});
  expect(config.additionalManifest).toContain('kind: HelmChart');
  expect(config.machineGlobalConfig).toMatchObject({ 'cloud-provider-name': 'external' });
});

test('rules for guests take the places after all others', () => {
  const prioritiesOf = (stack: TerraformStack): Record<string, unknown> =>
    Object.fromEntries(
      Object.values(synthesized(stack).resource['azurerm_network_security_rule'] ?? {}).map((rule) => [
        `${String(rule['direction'])} ${String(rule['name'])}`,
        rule['priority'],
      ]),
    );
  const plain = prioritiesOf(configWith({}).stack);
  const mixed = prioritiesOf(configWith({ us: { site: 'us', maxSize: 1, machine: cloud } }).stack);
  expect(mixed).toMatchObject(plain);
  expect(Object.keys(mixed).filter((it) => it.includes('guest')).length).toBeGreaterThan(10);
});
