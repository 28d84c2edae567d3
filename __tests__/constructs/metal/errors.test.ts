import { LoadBalancer } from '../../../constructs/metal/load-balancer';
import { hostOf } from '../../../constructs/metal/host-spec';
import { noDataDisk } from '../../../constructs/metal/errors';
import { sharedName, sharedReads } from '../../../constructs/metal/shared-secret';
import { zabbixKey } from '../../../constructs/metal/zabbix';
import { Bundle } from '../../../constructs/metal/bundle';
import { ClusterSecurity } from '../../../constructs/metal/cluster-security';
import { Network } from '../../../constructs/metal/network';
import { Roster } from '../../../constructs/metal/roster';
import { metalSiteOf, raisedMembers } from '../../../model/lookup';
import { emptyStack, labWith } from './fixture';

const environment = labWith();

function memberMissing(): never {
  throw new Error('the example has no member');
}

test('a host that the site does not have is named, with those that it has', () => {
  expect(() => hostOf(metalSiteOf(environment, 'hall'), 'hall', 'kv-99')).toThrow(
    /^no host 'kv-99' in site 'hall': it has 'mgmt-01', 'mgmt-02',/,
  );
});

test('a server without a disk for data is told where to say it', () => {
  expect(noDataDisk('kv-01', 'hall').message).toBe(
    "host 'kv-01' has no disk for data, which a server needs; set 'sites.hall.hosts.kv-01.disks.data'",
  );
});

test('a cluster that asks for no virtual address has no load balancer to make', () => {
  const stack = emptyStack();
  const { loadBalancer, ...plant } = raisedMembers(environment)['plant'] ?? memberMissing();
  expect(loadBalancer).toMatchObject({
    kind: 'keepalived',
    hosts: ['door-01', 'door-02'],
    virtualAddress: '10.40.0.6',
  });
  const without = { ...environment, clusters: { plant } };
  const network = new Network(stack, 'network', { environment, siteName: 'hall' });
  const placed = { environment: without, network, clusterName: 'plant' };
  const owner = {
    ...placed,
    bundle: new Bundle(stack, 'bundle', { environment, siteName: 'hall' }),
    roster: new Roster(stack, 'roster', placed),
  };
  const security = new ClusterSecurity({
    ...placed,
    servers: { hosts: [], kubectl: false },
    nodeGroups: {},
    webCidrs: [],
    planeCidrs: [],
  });
  expect(() => new LoadBalancer(stack, 'web', { owner, security, targets: [] })).toThrow(
    "cluster 'plant' has no hosts with a virtual address; name them in its 'loadBalancer'",
  );
});

test('the key of Zabbix is read as hosts and policies name it, and from Vault alone', () => {
  const place = { kind: 'vault', path: 'drover/shared/zabbix', key: 'psk' } as const;
  expect(zabbixKey(place)).toBe('drover/shared/zabbix#psk');
  expect(sharedReads([['zabbix.pskSecret', place]])).toEqual([
    { path: 'drover/data/shared/zabbix', capabilities: ['read'] },
  ]);
  expect(() => zabbixKey({ kind: 'ssm', path: '/zabbix' })).toThrow(
    "'zabbix.pskSecret' is a secret of kind 'ssm', hosts on metal read it as 'vault' alone; write 'vault:mount/path#key'",
  );
});

test('a secret of people is named with the field that it comes from, and its path is granted once', () => {
  const place = { kind: 'vault', path: 'drover/shared/s3', key: 'access' } as const;
  const field = 'sites.hall.snapshots.accessKey';
  expect(sharedReads([place, { ...place, key: 'secret' }].map((it) => [field, it] as const))).toHaveLength(1);
  expect(() => sharedName(field, { kind: 'keyvault', name: 's3' })).toThrow(
    "'sites.hall.snapshots.accessKey' is a secret of kind 'keyvault', hosts on metal read it as 'vault' alone; write 'vault:mount/path#key'",
  );
});
