import {
  machineSteps,
  managementServerSteps,
  memberServerSteps,
  nginxSteps,
  storageNodeSteps,
  workerSteps,
} from '../../../constructs/bootstrap/machine-steps';

const open = { proxied: false, mirrored: false };
const closed = { proxied: true, mirrored: true };
const azure = { metadataOpenToPods: true, copiesSnapshots: true };
const extras = { docker: true, watched: true, kubectl: true, mountStep: '45-gluster-client' } as const;

describe('the steps', () => {
  test.each([
    ['management server that publishes', managementServerSteps({ ...open, publishes: true })],
    ['management server', managementServerSteps({ ...closed, publishes: false })],
    ['member server', memberServerSteps({ ...closed, publishes: true })],
    ['worker', workerSteps(open)],
    ['worker behind a proxy', workerSteps(closed)],
    ['management server with all extras', managementServerSteps({ ...closed, ...azure, ...extras, publishes: true })],
    ['member server with all extras', memberServerSteps({ ...closed, ...azure, ...extras, publishes: true })],
    ['worker with all extras', workerSteps({ ...closed, ...azure, ...extras })],
    ['machine with NGINX', nginxSteps({ ...closed, watched: true })],
    ['host with NGINX', nginxSteps({ ...closed, watched: true, firewalled: true, sharesAddress: true })],
    [
      'server on metal',
      managementServerSteps({ ...closed, ...extras, firewalled: true, storesSnapshots: true, publishes: true }),
    ],
    ['worker on metal', workerSteps({ ...closed, ...extras, firewalled: true, dataDisk: true, leavesOnNotice: false })],
    ['storage node', storageNodeSteps({ ...closed, watched: true })],
    ['machine', machineSteps({ ...closed, ...extras, ...azure, firewalled: true, dataDisk: true })],
  ])('of a %s run in the order of their numbers', (_, steps) => {
    expect([...steps].sort()).toEqual(steps);
  });

  test('only the publishing server publishes', () => {
    expect(managementServerSteps({ ...open, publishes: true })).toContain('61-publish');
    expect(managementServerSteps({ ...open, publishes: false })).not.toContain('61-publish');
  });

  test.each([
    ['management server', managementServerSteps],
    ['member server', memberServerSteps],
    ['worker', workerSteps],
  ] as const)('a %s knows its proxy before it fetches packages, and its mirrors before images', (_, stepsOf) => {
    const steps = stepsOf({ ...closed, publishes: false });
    expect(steps.slice(0, 3)).toEqual(['05-proxy', '10-host', '15-registries']);
    expect(stepsOf({ ...open, publishes: false })[0]).toBe('10-host');
    expect(stepsOf({ ...open, publishes: false })).not.toContain('15-registries');
  });

  test('a worker tells its scaling group last, a server has none', () => {
    expect(workerSteps(open).at(-1)).toBe('90-complete');
    expect(memberServerSteps({ ...open, publishes: false })).not.toContain('90-complete');
  });

  test('a worker whose group waits for no answer still watches for its end', () => {
    expect(workerSteps({ ...open, answersHooks: false }).slice(-2)).toEqual(['80-health', '85-leaving']);
  });

  test.each([
    ['management server', managementServerSteps],
    ['member server', memberServerSteps],
    ['worker', workerSteps],
  ] as const)('a %s keeps pods off metadata that knows no hop limit, before it fetches an image', (_, stepsOf) => {
    const steps = stepsOf({ ...closed, ...azure, publishes: false });
    expect(steps.slice(1, 4)).toEqual(['10-host', '12-pod-metadata', '15-registries']);
    expect(stepsOf({ ...closed, publishes: false })).not.toContain('12-pod-metadata');
  });

  test('servers copy their snapshots where RKE2 does not, workers have none', () => {
    for (const stepsOf of [managementServerSteps, memberServerSteps]) {
      const steps = stepsOf({ ...open, ...azure, publishes: true });
      expect(steps.slice(-3)).toEqual(['61-publish', '70-snapshot-copies', '80-health']);
      expect(stepsOf({ ...open, publishes: true })).not.toContain('70-snapshot-copies');
    }
    expect(workerSteps({ ...open, ...azure })).not.toContain('70-snapshot-copies');
  });

  test('servers tell RKE2 of a store for its snapshots before it starts, workers have no snapshots', () => {
    const stored = { ...closed, ...extras, storesSnapshots: true, publishes: false };
    expect(managementServerSteps(stored).slice(-3)).toEqual(['58-snapshot-store', '60-rke2-server', '80-health']);
    expect(memberServerSteps(stored).slice(-3)).toEqual(['58-snapshot-store', '60-rancher-agent', '80-health']);
    expect(managementServerSteps({ ...open, publishes: false })).not.toContain('58-snapshot-store');
    expect(workerSteps(stored)).not.toContain('58-snapshot-store');
  });

  test('a machine with NGINX is no node: nothing of a cluster runs on it', () => {
    expect(nginxSteps({ ...closed, watched: true })).toEqual(['05-proxy', '35-zabbix-agent', '65-nginx']);
    expect(nginxSteps(open)).toEqual(['65-nginx']);
  });

  test('a storage node is no node: it keeps its brick, and what of that is to be healed', () => {
    expect(storageNodeSteps({ ...closed, watched: true })).toEqual([
      '05-proxy',
      '10-host',
      '25-gluster-server',
      '35-zabbix-agent',
      '75-gluster-heal',
    ]);
    expect(storageNodeSteps(open)).toEqual(['10-host', '25-gluster-server', '75-gluster-heal']);
  });

  test('a machine of a site gets what it asks for, and nothing of a cluster', () => {
    expect(machineSteps({ proxied: false })).toEqual(['10-host']);
    expect(machineSteps({ ...closed, ...extras, ...azure, firewalled: true, dataDisk: true })).toEqual([
      '05-proxy',
      '10-host',
      '12-pod-metadata',
      '14-firewall',
      '20-data-disk',
      '30-docker',
      '35-zabbix-agent',
    ]);
  });

  test.each([
    ['member server', memberServerSteps],
    ['worker', workerSteps],
  ] as const)('a %s mounts what its cluster shares before it joins', (_, stepsOf) => {
    const steps = stepsOf({ ...open, ...extras, publishes: false });
    expect(steps.indexOf('45-gluster-client')).toBeGreaterThan(0);
    expect(steps.indexOf('45-gluster-client')).toBeLessThan(steps.indexOf('60-rancher-agent'));
    expect(stepsOf({ ...open, publishes: false })).not.toContain('45-gluster-client');
  });

  test('Docker, the agent and kubectl come where a host asks', () => {
    const steps = managementServerSteps({ ...open, ...extras, publishes: false });
    const without = managementServerSteps({ ...open, publishes: false });
    expect(steps.filter((it) => !without.includes(it))).toEqual(['30-docker', '35-zabbix-agent', '55-kubectl']);
    expect(workerSteps({ ...open, docker: true }).filter((it) => !workerSteps(open).includes(it))).toEqual([
      '30-docker',
    ]);
  });
});
