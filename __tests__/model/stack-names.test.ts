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

test('the longest names still fit a path segment and a state key', () => {
  const name = 'x'.repeat(24);
  expect(stackName.cluster(name, name).length).toBeLessThanOrEqual(64);
  expect(stackName.services(name, name).length).toBeLessThanOrEqual(64);
});
