import { App, Manifest, Testing } from 'cdktf';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ISecret } from '../../../constructs/platform/secret-store';
import type { Environment } from '../../../model/environment';
import { ClusterStack } from '../../../stacks/cluster-stack';
import { composeEnvironment } from '../../../stacks/compose-environment';
import { NetworkStack } from '../../../stacks/network-stack';
import { only, synthesized, type Synthesized } from '../../support/synth';
import { hostsBefore, labWith, settingsOf, workOf, type HostWork } from './fixture';

const secret = (id: string): ISecret => ({
  name: `drover/lab/management/${id}`,
  handle: `drover/data/lab/management/${id}`,
  region: 'hall-1',
});

function plantOf(environment: Environment): Synthesized {
  const app = Testing.app();
  const { site } = new NetworkStack(app, environment, 'hall');
  const rancher = { url: 'https://rancher.lab.example.com', adminToken: secret('token'), caCertificates: secret('ca') };
  return synthesized(new ClusterStack(app, environment, 'plant', { site, rancher }));
}

/** What synth says of the stack of the member. */
function warningsOf(environment: Environment): string[] {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'drover-bricks-'));
  try {
    const app = new App({ outdir });
    composeEnvironment(app, environment, []);
    app.synth();
    const { stacks } = JSON.parse(fs.readFileSync(path.join(outdir, Manifest.fileName), 'utf8')) as {
      stacks: Record<string, { annotations: { message: string }[] }>;
    };
    return (stacks['lab-plant-cluster']?.annotations ?? []).map(({ message }) => message);
  } finally {
    fs.rmSync(outdir, { recursive: true });
  }
}

const HOSTS = 'hosts: [brick-01, brick-02, brick-03]';
const stack = plantOf(labWith());
const bundleOf = (host: string): HostWork => workOf(stack, `_${host}_bundle_`);
const settings = (host: string): Record<string, string> => settingsOf(bundleOf(host));

test('storage nodes are changed one after the other, the one that makes the volume last', () => {
  expect(hostsBefore(bundleOf('brick-02'))).toEqual([]);
  expect(hostsBefore(bundleOf('brick-03'))).toEqual(['brick-02']);
  expect(hostsBefore(bundleOf('brick-01'))).toEqual(['brick-03']);
});

test('a storage node is told of its peers by addresses, and of its disk', () => {
  expect(settings('brick-02')).toMatchObject({
    DROVER_ROLE: 'storage',
    DROVER_NODE: 'brick-02',
    GLUSTER_BRICKS: 'b1=serial:LAB-BRICK-02',
    GLUSTER_PEERS: '10.40.0.61 10.40.0.62 10.40.0.63',
    GLUSTER_SELF: '10.40.0.62',
    GLUSTER_VOLUME: 'shared',
    GLUSTER_FIRST_COMES_LAST: 'true',
    STEPS: '10-host 14-firewall 25-gluster-server 75-gluster-heal',
  });
  expect(settings('brick-02')).not.toHaveProperty('GLUSTER_ARBITER');
});

test('its firewall lets in the nodes of its cluster and its peers, on the ports of GlusterFS alone', () => {
  const from = [61, 62, 63, 31, 32, 33, 41, 42].map((last) => `10.40.0.${last}/32`).join(',');
  expect(settings('brick-01')['FIREWALL_RULES']).toBe(`tcp:24007:${from} tcp:49152-60999:${from}`);
});

test('a node lets a storage node in nowhere', () => {
  for (const host of ['plant-01', 'work-01', 'door-01'])
    expect(settings(host)['FIREWALL_RULES']).not.toContain('10.40.0.6');
});

test('a storage node reads nothing in Vault', () => {
  expect(only(stack.resource, 'vault_policy', 'machines_storage_brick-01')['policy']).toBe('# nothing');
});

test.each(['plant-01', 'plant-02', 'work-01', 'web-01'])('%s mounts the volume before it joins', (host) => {
  expect(settings(host)).toMatchObject({
    GLUSTER_VOLUME: 'shared',
    GLUSTER_SERVERS: '10.40.0.61 10.40.0.62 10.40.0.63',
    GLUSTER_MOUNT: '/mnt/gluster',
    STEPS: expect.stringMatching(/45-gluster-client (58-snapshot-store )?60-rancher-agent/),
  });
});

test('a load balancer mounts nothing', () => {
  expect(settings('door-01')).not.toHaveProperty('GLUSTER_MOUNT');
});

test('nodes come after all storage nodes, and leave before the first of these does', () => {
  for (const host of ['plant-01', 'plant-03', 'work-01', 'web-01']) {
    const membership = workOf(stack, `membership-${host}`);
    expect(hostsBefore(membership)).toEqual(['brick-02', 'brick-03', 'brick-01']);
  }
  expect(hostsBefore(workOf(stack, 'membership-brick-01'))).toEqual([]);
});

test('the last host is the arbiter, where one is asked for', () => {
  const arbiter = plantOf(labWith([HOSTS, `${HOSTS}\n        arbiter: true\n        mountPoint: /srv/files`]));
  expect(settingsOf(workOf(arbiter, '_brick-01_bundle_'))).toMatchObject({ GLUSTER_ARBITER: 'true' });
  expect(settingsOf(workOf(arbiter, '_work-01_bundle_'))).toMatchObject({ GLUSTER_MOUNT: '/srv/files' });
});

const inRack = (rack: string): readonly [string, string][] => [
  [
    'address: 10.40.0.62\n        hostKey: *authority\n        rack: rack-2',
    `address: 10.40.0.62\n        hostKey: *authority${rack}`,
  ],
];

test('copies that stand in one rack are a warning, because a hall may have but two', () => {
  const [pace, ...more] = warningsOf(labWith(...inRack('\n        rack: rack-1')));
  expect(pace).toContain("cluster 'plant' keeps its files with GlusterFS");
  expect(more).toEqual([
    "storage nodes 'brick-01', 'brick-02' of cluster 'plant' stand in one rack, 'rack-1': " +
      'without it there is no majority, and files can be neither read nor written until it is back',
  ]);
});

test('racks of their own, and racks that nobody named, are none', () => {
  expect(warningsOf(labWith())).toHaveLength(1);
  expect(warningsOf(labWith(...inRack('')))).toHaveLength(1);
});

test('a host without a disk for a brick is refused where no rule has looked', () => {
  const environment = labWith();
  const { hall } = environment.sites;
  if (hall?.platform !== 'metal') throw new Error('the example is not on metal');
  const hosts = { ...hall.hosts, 'brick-02': { ...hall.hosts['brick-01'], address: '10.40.0.62', disks: {} } };
  const without = { ...environment, sites: { hall: { ...hall, hosts } } } as Environment;
  expect(() => plantOf(without)).toThrow(
    "host 'brick-02' has no disk for a brick, which a storage node needs; set 'sites.hall.hosts.brick-02.disks.brick'",
  );
});
