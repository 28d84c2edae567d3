import { loadEnvironments, type Environment } from '../../../model/environment';
import { raisedMembers } from '../../../model/lookup';
import { stackOf } from '../support/stacks';
import { standingMachines, withNames } from '../../../rehearsal/hosts/metal-machines';

const environment = (name: string): Environment => {
  const [found] = loadEnvironments('environments', name);
  if (found === undefined) throw new Error(`no environment '${name}'`);
  return found;
};

const lab = standingMachines(environment('lab'));
const attrsOf = (id: string): unknown => lab.find((it) => it.id === id)?.attrs;

test('each host of a site stands there before anything is deployed, with its disks under the names of the environment', () => {
  expect(lab.filter((it) => it.type === 'metal_machine')).toHaveLength(15);
  expect(attrsOf('metal-hall-mgmt-01')).toEqual({
    id: 'metal-hall-mgmt-01',
    ...{ name: 'mgmt-01', address: '10.40.0.11', cidr: '10.40.0.0/24', region: 'hall-1', rack: 'rack-1' },
    ...{ login: 'drover', port: 22 },
    tags: { 'drover:cluster': 'management', 'drover:node': 'mgmt-01', 'drover:role': 'server' },
    disks: [{ id: 'vol-metal-hall-mgmt-01-data', size: 20, serial: 'LAB-MGMT-01' }],
  });
  expect(attrsOf('metal-hall-work-01')).toMatchObject({
    tags: { 'drover:cluster': 'plant', 'drover:role': 'worker' },
    disks: [{ link: 'by-path/pci-0000:00:07.0' }],
  });
  expect(attrsOf('metal-hall-brick-03')).toMatchObject({
    tags: { 'drover:cluster': 'plant', 'drover:role': 'storage' },
    disks: [{ id: 'vol-metal-hall-brick-03-brick', serial: 'LAB-BRICK-03' }],
  });
  expect(attrsOf('metal-hall-door-02')).toMatchObject({ tags: { 'drover:role': 'nginx' }, disks: [] });
});

test('a host that works for a cluster of another site is a worker of it', () => {
  const production = standingMachines(environment('production'));
  expect(production.find((it) => it.id === 'metal-paris-gpu-01')?.attrs).toMatchObject({
    tags: { 'drover:cluster': 'vision', 'drover:node': 'gpu-01', 'drover:role': 'worker' },
  });
});

test('and none of its namesake in the home of the cluster', () => {
  const data = environment('lab');
  const { hall } = data.sites;
  const plant = raisedMembers(data)['plant'];
  const workers = plant?.nodeGroups['workers'];
  if (hall === undefined || plant === undefined || workers === undefined) throw new Error('the lab has no workers');
  const found = standingMachines({
    ...data,
    sites: { hall, annex: hall },
    clusters: { plant: { ...plant, nodeGroups: { ...plant.nodeGroups, workers: { ...workers, site: 'annex' } } } },
  });
  const tagsOf = (id: string): unknown => found.find((it) => it.id === id)?.attrs['tags'];
  expect(tagsOf('metal-annex-work-01')).toMatchObject({ 'drover:cluster': 'plant', 'drover:role': 'worker' });
  expect(tagsOf('metal-hall-work-01')).toEqual({});
  expect(tagsOf('metal-hall-plant-01')).toMatchObject({ 'drover:role': 'server' });
  expect(tagsOf('metal-annex-plant-01')).toEqual({});
});

test('the site says where its Vault is, and has the names that its stack asks for', () => {
  const names = { 'rancher.lab.example.com': '10.40.0.5', '*.plant.lab.example.com': '10.40.0.6' };
  const stacks = [stackOf('lab-hall-network', { output: { names: { value: names } } }), stackOf('lab-plant-apps', {})];
  const found = withNames(lab, stacks).find((it) => it.id === 'hall');
  expect(found?.attrs).toMatchObject({ vault: 'https://vault.example.com:8200', names });
});

test('a host that no cluster has stands there as well', () => {
  const data = environment('lab');
  const { hall } = data.sites;
  if (hall?.platform !== 'metal') throw new Error('the lab is not on metal');
  const { 'web-01': like } = hall.hosts;
  if (like === undefined) throw new Error('the lab has no web-01');
  const hosts = { ...hall.hosts, spare: { ...like, address: '10.40.0.99' } };
  const found = standingMachines({ ...data, sites: { hall: { ...hall, hosts } } });
  expect(found.find((it) => it.id === 'metal-hall-spare')?.attrs).toMatchObject({ tags: {} });
  const first = { ...hall.hosts, spare: { ...like, address: '10.40.0.1' } };
  expect(() => standingMachines({ ...data, sites: { hall: { ...hall, hosts: first } } })).toThrow(
    "host 'spare' has the address '10.40.0.1', which the switch of the hosts has",
  );
});

test('a cloud has none', () => {
  expect(standingMachines(environment('dev'))).toEqual([]);
});
