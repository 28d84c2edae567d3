/** Settings of storage nodes and of the nodes that mount what these keep. */
export interface GlusterSettings {
  /** Space-separated `name=disk`, a disk as in `DATA_VOLUME_ID`. */
  readonly GLUSTER_BRICKS?: string;
  /** All storage nodes, space-separated; the first one gathers the others and makes the volume. */
  readonly GLUSTER_PEERS?: string;
  /** This machine among the peers. */
  readonly GLUSTER_SELF?: string;
  /** Volume that the first peer makes, all of them watch and clients mount. */
  readonly GLUSTER_VOLUME?: string;
  /** Copies of each file. @default 3 */
  readonly GLUSTER_REPLICA?: string;
  /** Whether the last copy of each file is its name and version alone. @default false */
  readonly GLUSTER_ARBITER?: 'true' | 'false';
  /** Whether the first peer is set up after all others, which do not wait for it while they are in no pool. @default false */
  readonly GLUSTER_FIRST_COMES_LAST?: 'true' | 'false';
  /** Time after which clients give a peer up, in seconds. @default 5 */
  readonly GLUSTER_PING_TIMEOUT_SEC?: string;
  /** Peers that a client asks, space-separated. */
  readonly GLUSTER_SERVERS?: string;
  /** @default /mnt/gluster */
  readonly GLUSTER_MOUNT?: string;
}

/** Every one of them, in the order in which the file lists them. A total map: a new name is a compile error here. */
export const GLUSTER_SETTINGS: Readonly<Record<keyof GlusterSettings, true>> = {
  GLUSTER_BRICKS: true,
  GLUSTER_PEERS: true,
  GLUSTER_SELF: true,
  GLUSTER_VOLUME: true,
  GLUSTER_REPLICA: true,
  GLUSTER_ARBITER: true,
  GLUSTER_FIRST_COMES_LAST: true,
  GLUSTER_PING_TIMEOUT_SEC: true,
  GLUSTER_SERVERS: true,
  GLUSTER_MOUNT: true,
};
