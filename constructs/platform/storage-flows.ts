import { flows, type Flow } from './flows';

const PORTS = 'https://github.com/gluster/glusterfs/blob/v11.1/extras/glusterd.vol.in';
const CLIENTS = ['storage', 'server', 'worker'] as const;

/** What storage nodes are to each other, to the nodes that mount from them, and to the world. */
const ofStorage: readonly Flow[] = [
  {
    name: 'gluster',
    from: CLIENTS,
    to: ['storage'],
    protocol: 'tcp',
    ports: [24007, 24007],
    why: 'GlusterFS: peers agree, clients ask for the volume',
    source: PORTS,
  },
  {
    name: 'gluster-bricks',
    from: CLIENTS,
    to: ['storage'],
    protocol: 'tcp',
    // Each brick takes any free one of these when it starts.
    ports: [49152, 60999],
    why: 'GlusterFS: clients write to each brick, bricks heal each other',
    source: PORTS,
  },
  ...flows
    .filter(({ from, to }) => to.includes('world') || to.includes('monitors') || from.includes('monitors'))
    .map((flow): Flow =>
      flow.from.includes('monitors') ? { ...flow, to: ['storage'] } : { ...flow, from: ['storage'] },
    ),
];

/**
 * Flows of a cluster with storage nodes: its own, and theirs after them. Storage nodes are no nodes of it, so nothing
 * else of the cluster reaches them, and they reach nothing of it.
 */
export function withStorage(ofCluster: readonly Flow[]): readonly Flow[] {
  return [...ofCluster, ...ofStorage];
}
