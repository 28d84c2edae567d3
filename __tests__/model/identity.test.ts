import { identityOf, siteIdentityOf, tagsOf } from '../../model/identity';
import type { Identity } from '../../model/identity';
import { lab } from './lab';

const shop: Identity = { cloud: 'aws', env: 'lab', region: 'us-east-1', cluster: 'shop' };

test('a member has the identity of its site', () => {
  expect(identityOf(lab(), 'shop')).toEqual(shop);
});

test('the management cluster has an identity too', () => {
  expect(identityOf(lab(), 'management')).toEqual({ ...shop, region: 'eu-west-1', cluster: 'management' });
});

test('no extra tag can pretend to be another identity', () => {
  expect(tagsOf(shop, { owner: 'platform', 'drover:env': 'production' })).toEqual({
    owner: 'platform',
    'drover:cloud': 'aws',
    'drover:env': 'lab',
    'drover:region': 'us-east-1',
    'drover:cluster': 'shop',
  });
});

test('what a site shares carries no cluster', () => {
  expect(tagsOf(siteIdentityOf(lab(), 'us'))).toEqual({
    'drover:cloud': 'aws',
    'drover:env': 'lab',
    'drover:region': 'us-east-1',
  });
});

test('an unknown cluster or site names the known ones', () => {
  expect(() => identityOf(lab(), 'shoop')).toThrow("no cluster 'shoop': known are 'management', 'shop', 'bank'");
  expect(() => siteIdentityOf(lab(), 'asia')).toThrow("no site 'asia': known are 'eu', 'us'");
});
