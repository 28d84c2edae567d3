import { overlaps, parseCidr } from '../../model/cidr';
import { cloudSiteOf } from '../../model/lookup';
import { bastionSubnet, planSubnets, serverAddress, serverSubnet, serverZone } from '../../model/network-plan';
import { environmentSpec } from '../../model/spec/environment';
import { lab } from './lab';

const zones = ['a', 'b', 'c'];

test('a /16 is split into eighths for workers and 256ths for the rest', () => {
  expect(planSubnets({ cidr: '10.20.0.0/16', zones: ['a', 'c', 'f'] })).toEqual({
    a: { private: '10.20.0.0/19', public: '10.20.224.0/24', servers: '10.20.240.0/24' },
    c: { private: '10.20.64.0/19', public: '10.20.226.0/24', servers: '10.20.242.0/24' },
    f: { private: '10.20.160.0/19', public: '10.20.229.0/24', servers: '10.20.245.0/24' },
  });
});

test.each(['10.20.0.0/16', '10.30.128.0/17', '172.16.64.0/18'])('no two subnets of %s overlap', (cidr) => {
  const plan = planSubnets({ cidr, zones: ['a', 'b', 'c', 'd', 'e', 'f'] });
  const subnets = Object.values(plan).flatMap((zone) => Object.values(zone).map(parseCidr));
  const clashes = subnets.flatMap((one, index) => subnets.slice(0, index).filter((other) => overlaps(one, other)));
  expect(subnets).toHaveLength(18);
  expect(clashes).toEqual([]);
  expect(subnets.every((subnet) => overlaps(subnet, parseCidr(cidr)))).toBe(true);
});

const azure = environmentSpec.shape.sites.parse({
  weu: {
    platform: 'azure',
    location: 'westeurope',
    cidr: '10.30.0.0/16',
    adminPublicKey: `ssh-ed25519 ${'A'.repeat(68)}`,
  },
  us: { platform: 'aws', region: 'us-east-1', cidr: '10.21.0.0/16' },
});

test.each([
  ['10.30.0.0/16', '10.30.255.0/24'],
  ['10.30.128.0/17', '10.30.255.128/25'],
  ['172.16.64.0/18', '172.16.127.192/26'],
])('the bastion of %s has %s, where no zone has a subnet', (cidr, expected) => {
  const { weu } = azure;
  if (weu?.platform !== 'azure') throw new Error('no weu');
  expect(bastionSubnet({ ...weu, cidr, bastion: true })).toBe(expected);
  const plan = planSubnets({ cidr, zones: ['a', 'b', 'c', 'd', 'e', 'f'] });
  const clashes = Object.values(plan).flatMap((zone) =>
    Object.values(zone).filter((it) => overlaps(parseCidr(it), parseCidr(expected))),
  );
  expect(clashes).toEqual([]);
});

test('no site has a bastion unless it says so', () => {
  expect(Object.values(azure).map(bastionSubnet)).toEqual([undefined, undefined]);
});

test('servers go round the first three zones', () => {
  expect(['s1', 's2', 's3', 's4', 's7'].map((server) => serverZone({ zones }, server))).toEqual([
    'a',
    'b',
    'c',
    'a',
    'a',
  ]);
  expect(() => serverZone({ zones: ['a'] }, 's2')).toThrow("1 zones ('a') are too few for servers: name at least 3");
});

test('a further zone moves neither a subnet nor a server', () => {
  const [before, after] = [lab(), lab(['region: eu-west-1, cidr', 'region: eu-west-1, zones: [a, b, c, d], cidr'])];
  expect(planSubnets(cloudSiteOf(after, 'eu'))).toMatchObject(planSubnets(cloudSiteOf(before, 'eu')));
  for (const server of ['s1', 's2', 's3']) {
    expect(serverAddress(after, 'management', server)).toBe(serverAddress(before, 'management', server));
  }
});

test('the address of a server depends on nothing but its cluster and its own name', () => {
  const addresses = ['s1', 's2', 's3'].map((server) => serverAddress(lab(), 'management', server));
  // Written out, because a change of this function would renumber every etcd member there is.
  expect(addresses).toEqual(['10.20.240.83', '10.20.241.217', '10.20.242.207']);
  expect(serverAddress(lab(['  bank: *member\n', '']), 'shop', 's1')).toBe(serverAddress(lab(), 'shop', 's1'));
  expect(serverAddress(lab(), 'shop', 's1')).not.toBe(serverAddress(lab(), 'bank', 's1'));
});

test('an address that the environment says wins', () => {
  const env = lab(['servers: { machine', 'servers: { addresses: { s2: 10.20.241.20 }, machine']);
  expect(serverAddress(env, 'management', 's2')).toBe('10.20.241.20');
  expect(serverSubnet(env, 'management', 's2')).toBe('10.20.241.0/24');
});

test('a server that a cluster does not have has no address', () => {
  expect(() => serverAddress(lab(), 'shop', 's4')).toThrow("no server 's4' in cluster 'shop': it has s1 to s3");
});

test('zones with numbers have the places of those with letters', () => {
  const cidr = '10.30.0.0/16';
  const numbered = planSubnets({ cidr, zones: ['1', '2', '3'] });
  const lettered = planSubnets({ cidr, zones: ['a', 'b', 'c'] });
  expect(Object.values(numbered)).toEqual(Object.values(lettered));
});
