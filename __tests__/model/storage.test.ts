import { readFileSync } from 'node:fs';
import { parseEnvironment } from '../../model/environment';
import { cloudGluster, metalGluster } from '../../model/lookup';
import { serverAddress, serverZone, storageAddress, storageAddresses } from '../../model/network-plan';
import { brickGiB, glusterOf, STORAGE_NODES } from '../../model/storage';
import { lab } from './lab';

const machine = '{ instanceType: m7i.large, image: ami-0a1b2c3d4e5f60718 }';
const asking = (more = ''): readonly [string, string] => [
  '    nodeGroups:',
  `    storage: { gluster: { machine: ${machine}, brickGiB: 500${more} } }\n    nodeGroups:`,
];
const addressesOf = (env: ReturnType<typeof lab>): string[] =>
  STORAGE_NODES.map((node) => storageAddress(env, 'shop', node));

test('a cluster shares no files unless it asks for them, and the management cluster never does', () => {
  expect(glusterOf(lab(), 'shop')).toBeUndefined();
  expect(glusterOf(lab(asking()), 'management')).toBeUndefined();
  expect(glusterOf(lab(asking()), 'shop')).toMatchObject({ nodes: 3, arbiter: false, mountPoint: '/mnt/gluster' });
  expect(() => storageAddress(lab(), 'shop', 'g1')).toThrow(
    "cluster 'shop' has no storage nodes: it asks for no 'storage'",
  );
});

test('storage nodes stand in the first three zones', () => {
  expect(STORAGE_NODES.map((node) => serverZone({ zones: ['a', 'b', 'c', 'd'] }, node))).toEqual(['a', 'b', 'c']);
});

test('the address of a storage node depends on nothing but its cluster and its own name', () => {
  // Written out, because a change of this function would cut every volume off from its bricks.
  expect(addressesOf(lab(asking()))).toEqual(['10.30.120.118', '10.30.120.237', '10.30.121.63']);
});

test('storage nodes move no server', () => {
  for (const server of ['s1', 's2', 's3']) {
    expect(serverAddress(lab(asking()), 'shop', server)).toBe(serverAddress(lab(), 'shop', server));
  }
});

test('an address that the environment says wins', () => {
  const env = lab(asking(', addresses: { g3: 10.30.121.50 }'), ['  bank: *member\n', '']);
  expect(addressesOf(env)[2]).toBe('10.30.121.50');
});

test('two clusters may not have storage nodes of one address', () => {
  expect(() => lab(asking(', addresses: { g2: 10.30.120.208 }'))).toThrow(
    'is the address of storage node "g2" of "shop" too: set "clusters.bank.storage.gluster.addresses.g2" to a free one',
  );
});

test('every node keeps a whole copy', () => {
  expect(STORAGE_NODES.map((node) => brickGiB({ arbiter: false, brickGiB: 500 }, node))).toEqual([500, 500, 500]);
});

test.each([
  [500, 125],
  [101, 26],
  [40, 20],
])('beside bricks of %i GiB an arbiter needs %i', (size, arbiter) => {
  const sizes = STORAGE_NODES.map((node) => brickGiB({ arbiter: true, brickGiB: size }, node));
  expect(sizes).toEqual([size, size, arbiter]);
});

test('machines of storage nodes are checked as those of servers are', () => {
  const [from, to] = asking();
  const azure = to.replace('m7i.large', 'Standard_D2s_v5');
  expect(() => lab([from, azure])).toThrow(
    'clusters.shop.storage.gluster.machine.instanceType: "Standard_D2s_v5" is not allowed: must be an EC2 type: site "us" is on AWS',
  );
});

const metalText = readFileSync('environments/lab.yaml', 'utf8');
const metal = parseEnvironment(metalText, 'lab.yaml');

test('storage nodes on metal have the addresses of their hosts', () => {
  expect(storageAddresses(metal, 'plant')).toEqual(['10.40.0.61', '10.40.0.62', '10.40.0.63']);
  expect(storageAddresses(lab(asking()), 'shop')).toEqual(addressesOf(lab(asking())));
  expect(() => storageAddresses(lab(), 'shop')).toThrow("cluster 'shop' has no storage nodes");
  const other = { ...metal, sites: { hall: { ...metal.sites['hall'], hosts: {} } } } as typeof metal;
  expect(() => storageAddresses(other, 'plant')).toThrow(
    "no host 'brick-01' in site 'hall', which is to keep files of cluster 'plant'",
  );
});

test('each form of storage nodes is narrowed once', () => {
  const [own, made] = [glusterOf(metal, 'plant'), glusterOf(lab(asking()), 'shop')];
  expect(own && metalGluster(own).hosts).toHaveLength(3);
  expect(made && cloudGluster(made).brickGiB).toBe(500);
  expect(() => own && cloudGluster(own)).toThrow("'storage.gluster' must be given by machine and brickGiB on a cloud");
  expect(() => made && metalGluster(made)).toThrow("'storage.gluster' must be given by hosts on metal");
});

test('hosts are refused where machines are made', () => {
  const [from] = asking();
  expect(() => lab([from, `    storage: { gluster: { hosts: [g1, g2, g3] } }\n${from}`])).toThrow(
    'clusters.shop.storage.gluster: {"hosts":["g1","g2","g3"],"arbiter":false,"mountPoint":"/... is not allowed: ' +
      'must be given by machine: site "us" is on a cloud and has no hosts',
  );
});

const HOSTS = 'hosts: [brick-01, brick-02, brick-03]';

test.each([
  [
    'hosts: [brick-01, brick-02, brick-02]',
    'must be named in one place: it is in clusters.plant.storage.gluster.hosts already',
  ],
  [
    'hosts: [brick-01, brick-02, work-01]',
    'must be named in one place: it is in clusters.plant.nodeGroups.workers.hosts already',
  ],
  ['hosts: [brick-01, brick-02, brick-09]', '"brick-09" is not allowed: must be a host of its site'],
  [`${HOSTS}\n        brickGiB: 100`, 'brickGiB: unknown key: allowed are "hosts", "arbiter", "mountPoint"'],
])('%s on metal is refused', (hosts, message) => {
  expect(() => parseEnvironment(metalText.replace(HOSTS, hosts), 'lab.yaml')).toThrow(message);
});

test('a storage node that leaves while it is one is refused', () => {
  const leaving = metalText.replace('    cidr: 10.40.0.0/24\n', '    cidr: 10.40.0.0/24\n    leaving: [brick-02]\n');
  expect(() => parseEnvironment(leaving, 'lab.yaml')).toThrow(
    'must be in no cluster: take it out of clusters.plant.storage.gluster.hosts',
  );
});
