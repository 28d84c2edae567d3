import { readFileSync } from 'node:fs';
import { parseEnvironment } from '../../model/environment';
import {
  cloudGroup,
  cloudServers,
  cloudSiteOf,
  metalGroup,
  metalServers,
  metalSiteOf,
  raisedMembers,
  secretsOf,
  serverKeys,
  vaultOf,
} from '../../model/lookup';
import { lab } from './lab';

const metal = parseEnvironment(readFileSync('environments/lab.yaml', 'utf8'), 'lab.yaml');
const cloud = lab();
const plant = raisedMembers(metal)['plant'];
const shop = raisedMembers(cloud)['shop'];
if (plant === undefined || shop === undefined) throw new Error('the examples lack their members');

test('the keys of servers on metal are the names of their hosts', () => {
  expect(serverKeys(metal.management.servers)).toEqual(['mgmt-01', 'mgmt-02', 'mgmt-03']);
  expect(serverKeys(cloud.management.servers)).toEqual(['s1', 's2', 's3']);
});

test('each form of servers and groups is narrowed once', () => {
  expect(metalServers(plant.servers).hosts).toHaveLength(3);
  expect(cloudServers(shop.servers).count).toBe(3);
  const [workers, ingress] = [plant.nodeGroups['workers'], shop.nodeGroups['workers']];
  expect(workers && metalGroup(workers).hosts).toEqual(['work-01']);
  expect(ingress && cloudGroup(ingress).maxSize).toBe(3);
  expect(() => cloudServers(plant.servers)).toThrow("'servers' must be given by count and machine on a cloud");
  expect(() => metalServers(shop.servers)).toThrow("'servers' must be given by hosts on metal");
  expect(() => workers && cloudGroup(workers)).toThrow("'nodeGroups' must be given by maxSize and machine on a cloud");
  expect(() => ingress && metalGroup(ingress)).toThrow("'nodeGroups' must be given by hosts on metal");
});

test('sites are told apart', () => {
  expect(metalSiteOf(metal, 'hall').region).toBe('hall-1');
  expect(() => metalSiteOf(cloud, 'eu')).toThrow("site 'eu' is on 'aws'");
  expect(() => cloudSiteOf(metal, 'hall')).toThrow("site 'hall' is on 'metal'");
});

test('a site on metal has no store of its own', () => {
  expect(vaultOf(metal, 'hall')).toMatchObject({ kind: 'vault', mount: 'drover', approleMount: 'approle' });
  const { secrets, ...without } = metal;
  expect(secrets).toMatchObject({ kind: 'vault', address: 'https://vault.example.com:8200' });
  expect(() => secretsOf(without, 'hall')).toThrow("'secrets' must be given by a kind of secret store on metal");
  expect(() => vaultOf(cloud, 'eu')).toThrow('\'secrets\' must be given by kind "vault" on metal');
});

test('of a value that has two forms the message speaks of the one that was meant', () => {
  const text = readFileSync('environments/lab.yaml', 'utf8');
  const broken = text.replace('hosts: [mgmt-01, mgmt-02, mgmt-03]', 'hosts: [mgmt-01, mgmt-02, mgmt-03]\n    count: 3');
  expect(() => parseEnvironment(broken, 'lab.yaml')).toThrow(
    'management.servers.count: unknown key: allowed are "hosts", "docker", "kubectl"',
  );
});
