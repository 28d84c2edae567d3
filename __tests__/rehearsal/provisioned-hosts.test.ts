import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { provisionedHostsText, readProvisionedHosts } from '../../rehearsal/provisioned-hosts';

test('the hosts of the world are told by cluster and name, and nothing else of it is', () => {
  const world = mkdtempSync(path.join(tmpdir(), 'drover-world-'));
  const write = (type: string, id: string, attrs: Record<string, unknown>): void => {
    mkdirSync(path.join(world, type), { recursive: true });
    const object = { type, id, provider: 'machine', scope: 'metal', attrs };
    writeFileSync(path.join(world, type, `${id}.json`), JSON.stringify(object));
  };
  write('vault_policy', 'p', { name: 'p' });
  write('metal_host', '10.40.0.41', { name: 'work-01', site: 'hall', cluster: 'plant', bootstraps: 1 });
  write('metal_host', '10.40.0.12', { name: 'mgmt-02', site: 'hall', cluster: 'management', bootstraps: 2 });
  write('metal_host', '10.40.0.99', { name: 'mgmt-01', site: 'hall', cluster: 'management', bootstraps: 1 });
  expect(readProvisionedHosts(world)).toEqual([
    { name: 'mgmt-01', site: 'hall', cluster: 'management' },
    { name: 'mgmt-02', site: 'hall', cluster: 'management' },
    { name: 'work-01', site: 'hall', cluster: 'plant' },
  ]);
  rmSync(world, { recursive: true });
});

test('a machine of a site is told as one of no cluster', () => {
  const hosts = [
    { name: 'db-01', site: 'hall', cluster: '' },
    { name: 'work-01', site: 'hall', cluster: 'plant' },
  ];
  expect(provisionedHostsText(hosts)).toBe(
    '2 hosts on metal provisioned by SSH\n  in no cluster: db-01\n  plant: work-01',
  );
});

test('a world without hosts has none', () => {
  expect(readProvisionedHosts('/nowhere')).toEqual([]);
});
