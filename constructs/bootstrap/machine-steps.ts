import type { StepName } from './step';

/** How a site leads to the world, where it is not simply open. */
export interface WaysOut {
  /** Whether machines use a proxy or a mirror of packages. */
  readonly proxied: boolean;
  /** Whether images come from other registries than those they are named after. */
  readonly mirrored: boolean;
}

/** What comes before a machine may become a node. */
export interface Preparation extends WaysOut {
  /** Whether nothing but a rule on the machine keeps pods off its metadata: there is no hop limit. @default false */
  readonly metadataOpenToPods?: boolean;
  /** Whether the machine has its own firewall, because nothing before it lets in only what the flows say. @default false */
  readonly firewalled?: boolean;
}

/** What servers do for their snapshots by themselves. */
export interface SnapshotKeeping {
  /** Whether they copy etcd snapshots to blobs, which RKE2 can't. @default false */
  readonly copiesSnapshots?: boolean;
  /** Whether RKE2 takes them to a store of the site's own, with keys that the machine fetches. @default false */
  readonly storesSnapshots?: boolean;
}

/** What nodes mount before they join. */
export interface Mounting {
  /** Step that mounts the files that all nodes of the cluster share. @default - none are shared */
  readonly mountStep?: '45-gluster-client' | undefined;
}

/** What machines ask for beyond their part in a cluster. */
export interface Extras {
  /** Docker beside the cluster. @default false */
  readonly docker?: boolean;
  /** Whether Zabbix watches the machine. @default false */
  readonly watched?: boolean;
  /** kubectl for people and pipelines. @default false */
  readonly kubectl?: boolean;
}

/** Steps of a server of the management cluster. */
export function managementServerSteps(
  options: Preparation &
    Extras &
    SnapshotKeeping & {
      /** Whether it publishes the cluster's facts: the one that may begin the cluster. */
      readonly publishes: boolean;
    },
): readonly StepName[] {
  return [
    ...preparation(options),
    '20-data-disk',
    ...besides(options),
    '40-join-secret',
    '50-rke2-install',
    ...tools(options),
    ...storing(options),
    '60-rke2-server',
    ...publishing(options.publishes),
    ...keeping(options),
    '80-health',
  ];
}

/** Steps of a server of a cluster that Rancher manages. */
export function memberServerSteps(
  options: Preparation &
    Extras &
    Mounting &
    SnapshotKeeping & {
      /** Whether it publishes the cluster's token issuer. */
      readonly publishes: boolean;
    },
): readonly StepName[] {
  return [
    ...preparation(options),
    '20-data-disk',
    ...besides(options),
    ...mounting(options),
    ...tools(options),
    ...storing(options),
    '60-rancher-agent',
    ...publishing(options.publishes),
    ...keeping(options),
    '80-health',
  ];
}

/** Steps of a worker. */
export function workerSteps(
  options: Preparation &
    Extras &
    Mounting & {
      /** Whether the group waits for its machines' answers when they come. @default true */
      readonly answersHooks?: boolean;
      /** Whether its end is announced to the machine itself. @default true */
      readonly leavesOnNotice?: boolean;
      /** Whether it has a disk of its own for what a node keeps. @default false */
      readonly dataDisk?: boolean;
    },
): readonly StepName[] {
  const { answersHooks = true, leavesOnNotice = true, dataDisk = false } = options;
  return [
    ...preparation(options),
    ...when(dataDisk, '20-data-disk'),
    ...besides(options),
    ...mounting(options),
    ...tools(options),
    '60-rancher-agent',
    '80-health',
    ...when(leavesOnNotice, '85-leaving'),
    ...when(answersHooks, '90-complete'),
  ];
}

/** Steps of a machine that passes traffic on to servers and is no node. */
export function nginxSteps(
  options: WaysOut &
    Pick<Preparation, 'firewalled'> &
    Extras & {
      /** Whether it shares a virtual address with others, because no load balancer leads to them. @default false */
      readonly sharesAddress?: boolean;
    },
): readonly StepName[] {
  return [
    ...when(options.proxied, '05-proxy'),
    ...when(options.firewalled, '14-firewall'),
    ...besides(options),
    '65-nginx',
    ...when(options.sharesAddress, '66-keepalived'),
  ];
}

/** Steps of a machine that keeps files and is no node. */
export function storageNodeSteps({
  proxied,
  watched,
  firewalled = false,
}: WaysOut & Pick<Preparation, 'firewalled'> & Extras): readonly StepName[] {
  return [
    ...preparation({ proxied, mirrored: false, firewalled }),
    '25-gluster-server',
    ...besides({ watched: watched === true }),
    '75-gluster-heal',
  ];
}

/** Steps of a machine of a site, which is no node; hooks make of it what it is. */
export function machineSteps(
  options: Omit<Preparation, 'mirrored'> &
    Extras & {
      /** Whether it has a disk of its own. @default false */
      readonly dataDisk?: boolean;
    },
): readonly StepName[] {
  return [
    // Mirrors of images are RKE2's own.
    ...preparation({ ...options, mirrored: false }),
    ...when(options.dataDisk, '20-data-disk'),
    ...besides(options),
  ];
}

function preparation({
  proxied,
  mirrored,
  metadataOpenToPods = false,
  firewalled = false,
}: Preparation): readonly StepName[] {
  return [
    // The way out comes first: packages are fetched through it.
    ...when(proxied, '05-proxy'),
    '10-host',
    ...when(metadataOpenToPods, '12-pod-metadata'),
    ...when(firewalled, '14-firewall'),
    ...when(mirrored, '15-registries'),
  ];
}

function besides({ docker = false, watched = false }: Extras): readonly StepName[] {
  return [...when(docker, '30-docker'), ...when(watched, '35-zabbix-agent')];
}

function mounting({ mountStep }: Mounting): readonly StepName[] {
  return mountStep === undefined ? [] : [mountStep];
}

function tools({ kubectl = false }: Extras): readonly StepName[] {
  return when(kubectl, '55-kubectl');
}

function publishing(publishes: boolean): readonly StepName[] {
  return when(publishes, '61-publish');
}

/** Before RKE2: it reads where snapshots go when it starts. */
function storing({ storesSnapshots = false }: SnapshotKeeping): readonly StepName[] {
  return when(storesSnapshots, '58-snapshot-store');
}

function keeping({ copiesSnapshots = false }: SnapshotKeeping): readonly StepName[] {
  return when(copiesSnapshots, '70-snapshot-copies');
}

function when(is: boolean | undefined, step: StepName): readonly StepName[] {
  return is === true ? [step] : [];
}
