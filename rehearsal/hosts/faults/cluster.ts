import { z } from 'zod';
import type { Machine } from '../machine';
import { answered } from './answer';
import type { Ended, LabApi } from './lab-client';

const RKE2 = '/var/lib/rancher/rke2';
const ETCD_TLS = `${RKE2}/server/tls/etcd`;

const nodeList = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), uid: z.string() }),
      spec: z.object({ unschedulable: z.boolean().default(false) }),
      status: z.object({
        addresses: z.array(z.object({ type: z.string(), address: z.string() })).default([]),
        conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
      }),
    }),
  ),
});

/** A node as its cluster tells of it. */
export interface Node {
  readonly name: string;
  readonly uid: string;
  readonly address: string;
  readonly isReady: boolean;
  readonly isUnschedulable: boolean;
  /** Conditions other than Ready that are true, such as DiskPressure. */
  readonly troubles: readonly string[];
}

/** kubectl of a server, as its cluster's administrator. */
export function kubectl(lab: LabApi, server: Machine, ...args: readonly string[]): Promise<Ended> {
  const config = ['--kubeconfig', '/etc/rancher/rke2/rke2.yaml', '--request-timeout', '10s'];
  return lab.exec(server.id, [`${RKE2}/bin/kubectl`, ...config, ...args]);
}

/** The nodes of a server's cluster; none while its API does not answer. */
export async function nodesOf(lab: LabApi, server: Machine): Promise<Node[]> {
  const { code, stdout } = await kubectl(lab, server, 'get', 'nodes', '--output', 'json');
  if (code !== 0) return [];
  return answered(nodeList, stdout, 'the list of nodes', server).items.map(({ metadata, spec, status }) => ({
    ...metadata,
    address: status.addresses.find((it) => it.type === 'InternalIP')?.address ?? '',
    isReady: status.conditions.some((it) => it.type === 'Ready' && it.status === 'True'),
    isUnschedulable: spec.unschedulable,
    troubles: status.conditions.filter((it) => it.type !== 'Ready' && it.status === 'True').map((it) => it.type),
  }));
}

/** What the API of this very server says of its etcd: `ok`, or why not. */
export async function etcdState(lab: LabApi, server: Machine): Promise<string> {
  const { code, stdout, stderr } = await kubectl(lab, server, 'get', '--raw', '/readyz/etcd');
  return code === 0 ? stdout.trim() : stderr.trim();
}

const memberList = z.object({
  members: z.array(z.object({ name: z.string().default(''), isLearner: z.boolean().default(false) })),
});

/** Nodes that have a voting member of a server's etcd, sorted; none while it does not answer. */
export async function etcdVoters(lab: LabApi, server: Machine): Promise<string[]> {
  const identity = ['--cacert', `${ETCD_TLS}/server-ca.crt`, '--cert', `${ETCD_TLS}/client.crt`];
  const { code, stdout } = await lab.exec(server.id, [
    ...['curl', '--silent', '--fail', '--max-time', '5', ...identity, '--key', `${ETCD_TLS}/client.key`],
    ...['--data', '{}', 'https://127.0.0.1:2379/v3/cluster/member/list'],
  ]);
  if (code !== 0) return [];
  const voters = answered(memberList, stdout, 'the list of members of etcd', server).members.filter(
    (it) => !it.isLearner,
  );
  // RKE2 names a member after its node and adds a random part.
  return voters.map((it) => it.name.replace(/-[0-9a-f]{8}$/, '')).sort();
}

/** Checksum of the authority of a server's cluster: a second cluster would have another. */
export async function authorityOf(lab: LabApi, server: Machine): Promise<string> {
  const { stdout } = await lab.exec(server.id, ['sha256sum', `${RKE2}/server/tls/server-ca.crt`]);
  return stdout.split(' ')[0] ?? '';
}
