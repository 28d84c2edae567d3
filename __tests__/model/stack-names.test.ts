import { stackName, stackNamesOf } from '../../model/stack-names';
import { lab } from './lab';

test('an environment has a stack for each lifecycle, in the order of a first deploy', () => {
  expect(stackNamesOf(lab())).toEqual([
    'lab-eu-network',
    'lab-us-network',
    'lab-management-servers',
    'lab-management-rancher',
    'lab-management-policy',
    'lab-shop-cluster',
    'lab-shop-services',
    'lab-shop-apps',
    'lab-bank-cluster',
    'lab-bank-services',
    'lab-bank-apps',
  ]);
});

test('a site with machines has a stack for them, after the networks', () => {
  const machines = '{ files: { machine: { instanceType: m7i.large, image: ami-0a1b2c3d4e5f60718 } } }';
  const names = stackNamesOf(lab(['cidr: 10.30.0.0/17 }', `cidr: 10.30.0.0/17, machines: ${machines} }`]));
  expect(names.slice(0, 4)).toEqual(['lab-eu-network', 'lab-us-network', 'lab-us-machines', 'lab-management-servers']);
});

test('the longest names still fit a path segment and a state key', () => {
  const name = 'x'.repeat(24);
  expect(stackName.cluster(name, name).length).toBeLessThanOrEqual(64);
  expect(stackName.services(name, name).length).toBeLessThanOrEqual(64);
});
