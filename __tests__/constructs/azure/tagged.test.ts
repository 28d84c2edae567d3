import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { Aspects } from 'cdktf';
import { ClusterGroup } from '../../../constructs/azure/cluster-group';
import { Tagged } from '../../../constructs/azure/tagged';
import { only } from '../../support/synth';
import { environmentWith, inStack, networkIn, withShop } from './fixture';
import { machinesOf } from './machines-fixture';

const { resource } = inStack((stack) => {
  Aspects.of(stack).add(new Tagged({ 'drover:env': 'staging' }));
  const environment = environmentWith();
  new ClusterGroup(stack, 'group', { environment, network: networkIn(stack, environment), clusterName: 'shop' });
});

test('what can carry tags carries those of its stack, and what can not is left alone', () => {
  expect(only(resource, 'azurerm_key_vault')).toMatchObject({ tags: { 'drover:env': 'staging' } });
  expect(only(resource, 'azurerm_resource_group', 'group_')).toMatchObject({ tags: { 'drover:env': 'staging' } });
  for (const subnet of Object.values(resource['azurerm_subnet'] ?? {})) expect(subnet).not.toHaveProperty('tags');
});

test("a resource's own tags win over those of its stack", () => {
  const own = inStack((stack) => {
    Aspects.of(stack).add(new Tagged({ 'drover:env': 'staging', 'drover:node': 'nobody' }));
    new ResourceGroup(stack, 'it', { name: 'it', location: 'westeurope', tags: { 'drover:node': 's1' } });
  });
  expect(only(own.resource, 'azurerm_resource_group')).toMatchObject({
    tags: { 'drover:env': 'staging', 'drover:node': 's1' },
  });
});

test('nothing carries more tags than Azure takes, and no key that it refuses', () => {
  const { resource: machines } = machinesOf(withShop());
  for (const block of Object.values(machines).flatMap((named) => Object.values(named))) {
    const keys = Object.keys((block['tags'] ?? {}) as object);
    expect(keys.length).toBeLessThanOrEqual(50);
    for (const key of keys) expect(key).not.toMatch(/[<>%&\\?/]/);
  }
});
