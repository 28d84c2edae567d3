import type { Environment } from '../../model/environment';
import { storageAddresses } from '../../model/network-plan';
import { glusterOf } from '../../model/storage';
import type { ISharedStorage } from '../platform/shared-storage';
import type { GlusterSettings } from './gluster-settings';

/** The cluster whose machines keep files, or mount them. */
interface ClusterOwner {
  readonly environment: Environment;
  readonly clusterName: string;
}

/** The one volume of a cluster: its storage nodes serve nobody else. */
const VOLUME = 'shared';

/** Folder below `/srv/gluster` on each storage node. */
const BRICK = 'b1';

/** A storage node among its peers. */
interface StoragePeer {
  readonly address: string;
  /** Its brick's disk, in the words of the bootstrap. */
  readonly disk: string;
}

/** What a storage node is told of its peers and its disk; they know each other by addresses, which never change. */
export function storageNodeSettings(
  { environment, clusterName }: ClusterOwner,
  { address, disk }: StoragePeer,
): GlusterSettings {
  const arbiter = glusterOf(environment, clusterName)?.arbiter === true;
  return {
    GLUSTER_BRICKS: `${BRICK}=${disk}`,
    GLUSTER_PEERS: peers(environment, clusterName),
    GLUSTER_SELF: address,
    GLUSTER_VOLUME: VOLUME,
    ...(arbiter ? { GLUSTER_ARBITER: 'true' } : {}),
  };
}

/** What every node of a cluster mounts before it joins. */
export interface SharedMount extends Pick<ISharedStorage, 'mountPoint'> {
  /** Step that mounts it, and keeps a machine without it out of the cluster. */
  readonly step: '45-gluster-client';
  readonly settings: GlusterSettings;
}

/** What the nodes of a cluster mount; nothing where it shares no files. Another kind of file system is another answer. */
export function sharedMountOf({ environment, clusterName }: ClusterOwner): SharedMount | undefined {
  const gluster = glusterOf(environment, clusterName);
  if (gluster === undefined) return undefined;
  const { mountPoint } = gluster;
  return {
    mountPoint,
    step: '45-gluster-client',
    settings: {
      GLUSTER_VOLUME: VOLUME,
      GLUSTER_SERVERS: peers(environment, clusterName),
      GLUSTER_MOUNT: mountPoint,
    },
  };
}

function peers(environment: Environment, clusterName: string): string {
  return storageAddresses(environment, clusterName).join(' ');
}
