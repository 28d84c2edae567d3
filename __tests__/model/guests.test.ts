import {
  groupsIn,
  guestSites,
  isAutoscaled,
  isMixed,
  linkedSites,
  siteOfGroup,
  standsOnMetal,
} from '../../model/guests';
import { raisedMembers } from '../../model/lookup';
import { guestSizeFixed } from '../../model/rules/links';
import type { ClusterSpec } from '../../model/spec/cluster';
import { mixedWith } from '../constructs/mixed-fixture';

function shopWith(...groups: string[]): ClusterSpec {
  const { shop } = raisedMembers(mixedWith(groups));
  if (shop === undefined) throw new Error('no shop');
  return shop;
}

test('a group stands in the site of its cluster unless it names another', () => {
  const shop = shopWith('workers', 'us');
  const sites = Object.entries(shop.nodeGroups).map(([name, group]) => [name, siteOfGroup(shop, group)]);
  expect(Object.fromEntries(sites)).toEqual({ workers: 'eu', us: 'us' });
  expect(Object.keys(groupsIn(shop, 'us'))).toEqual(['us']);
});

test('a cluster is mixed once a group stands in another site, also when it says its own', () => {
  expect(isMixed(shopWith('workers'))).toBe(false);
  const { workers } = shopWith('workers').nodeGroups;
  if (workers === undefined) throw new Error('no workers');
  expect(isMixed({ site: 'eu', nodeGroups: { workers: { ...workers, site: 'eu' } } })).toBe(false);
  expect(guestSites(shopWith('workers', 'dc1', 'us'))).toEqual(['dc1', 'us']);
});

test('one host is enough for a cluster whose machines are not all replaced', () => {
  expect(standsOnMetal(mixedWith(['workers', 'us']), shopWith('workers', 'us'))).toBe(false);
  expect(standsOnMetal(mixedWith(['workers', 'dc1']), shopWith('workers', 'dc1'))).toBe(true);
});

test('a link leads both ways, whichever site is named first', () => {
  const links = [
    { sites: ['eu', 'us'], kind: 'vpn' as const },
    { sites: ['weu', 'eu'], kind: 'vpn' as const },
  ];
  expect(linkedSites({ links }, 'eu', 'shop')).toEqual(['us', 'weu']);
  expect(linkedSites({ links }, 'us', 'shop')).toEqual(['eu']);
  expect(linkedSites({ links }, 'dc1', 'shop')).toEqual([]);
});

test('a link of some clusters is none of the others', () => {
  const links = [{ sites: ['eu', 'us'], kind: 'vpn' as const, clusters: ['shop'] }];
  expect(linkedSites({ links }, 'eu', 'shop')).toEqual(['us']);
  expect(linkedSites({ links }, 'eu', 'bank')).toEqual([]);
});

test('a home on Azure is not scaled beside guests of another platform, so its groups have a fixed size', () => {
  const environment = mixedWith(['workers', 'us']);
  const atHome = (site: string, ...groups: string[]): ClusterSpec => ({ ...shopWith(...groups), site });
  expect(isAutoscaled(environment, atHome('weu', 'weu', 'us'))).toBe(false);
  expect(isAutoscaled(environment, atHome('weu', 'weu'))).toBe(true);
  expect(isAutoscaled(environment, shopWith('workers', 'weu', 'dc1'))).toBe(true);
  const { weu, us } = shopWith('weu', 'us').nodeGroups;
  if (weu === undefined || us === undefined || 'hosts' in weu) throw new Error('no groups');
  const shop = { ...atHome('weu', 'us'), nodeGroups: { us, own: { ...weu, maxSize: 3 } } };
  expect(guestSizeFixed.check({ ...environment, clusters: { shop } })).toEqual([
    {
      path: ['clusters', 'shop', 'nodeGroups', 'own', 'maxSize'],
      text: '3 is not allowed: must be minSize (1): the autoscaler for Azure stops at nodes of another platform, which the cluster has',
    },
  ]);
});
