import { checkHostedMachines } from '../../../rehearsal/hosts/hosted-machines';
import { stackOf } from '../support/stacks';

test('an environment with machines that no host stands for is refused with their types', () => {
  const cluster = stackOf('staging-shop-cluster', {
    resource: { azurerm_linux_virtual_machine: { s1: {} }, azurerm_linux_virtual_machine_scale_set: { workers: {} } },
  });
  expect(() => checkHostedMachines('staging', [stackOf('staging-weu-network', {}), cluster])).toThrow(
    "'--hosts' runs machines of AWS and of metal as hosts, but 'staging' has 'azurerm_linux_virtual_machine' and " +
      "'azurerm_linux_virtual_machine_scale_set'; rehearse it without '--hosts'",
  );
});

test('machines of AWS are not refused, storage nodes neither', () => {
  const cluster = stackOf('dev-shop-cluster', {
    resource: { aws_instance: { s1: {}, g1: { tags: { 'drover:storage': 'g1' } } } },
  });
  expect(() => checkHostedMachines('dev', [cluster])).not.toThrow();
});

test('clusters that others made are refused', () => {
  const cluster = stackOf('dev-shop-cluster', {
    resource: { aws_instance: { s1: {} }, rancher2_cluster: { bank: {} } },
  });
  expect(() => checkHostedMachines('dev', [cluster])).toThrow(
    "'--hosts' runs machines of AWS and of metal as hosts, but 'dev' has 'rancher2_cluster'; rehearse it without '--hosts'",
  );
});

test('hosts on metal are not refused', () => {
  const connection = { type: 'ssh', host: '10.40.0.11' };
  const cluster = stackOf('lab-plant-cluster', { resource: { terraform_data: { bundle: { connection } } } });
  expect(() => checkHostedMachines('lab', [cluster])).not.toThrow();
});
