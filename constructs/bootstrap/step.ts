import type { BootstrapEnv, SettingName } from './env';
import { missingSettings } from './errors';

/** A step of the bootstrap: a script of that name in `userdata/steps`. */
export type StepName =
  | '05-proxy'
  | '10-host'
  | '12-pod-metadata'
  | '14-firewall'
  | '15-registries'
  | '20-data-disk'
  | '25-gluster-server'
  | '30-docker'
  | '35-zabbix-agent'
  | '40-join-secret'
  | '45-gluster-client'
  | '50-rke2-install'
  | '55-kubectl'
  | '58-snapshot-store'
  | '60-rancher-agent'
  | '60-rke2-server'
  | '61-publish'
  | '65-nginx'
  | '66-keepalived'
  | '70-snapshot-copies'
  | '75-gluster-heal'
  | '80-health'
  | '85-leaving'
  | '90-complete';

/** Settings without which a step stops with exit code 2; what each script passes to `require` first. */
export const STEP_NEEDS: Readonly<Record<StepName, readonly SettingName[]>> = {
  '05-proxy': [],
  '10-host': ['DROVER_ROLE'],
  '12-pod-metadata': [],
  '14-firewall': ['FIREWALL_SSH_FROM'],
  '15-registries': [],
  '20-data-disk': ['DATA_VOLUME_ID'],
  '25-gluster-server': ['GLUSTER_BRICKS', 'GLUSTER_PEERS', 'GLUSTER_SELF'],
  '30-docker': [],
  '35-zabbix-agent': ['ZABBIX_SERVER', 'ZABBIX_PSK_PARAMETER', 'ZABBIX_PSK_IDENTITY'],
  '40-join-secret': ['JOIN_SECRET_PARAMETER'],
  '45-gluster-client': ['GLUSTER_VOLUME', 'GLUSTER_SERVERS'],
  '50-rke2-install': ['RKE2_VERSION'],
  '55-kubectl': ['KUBECTL_VERSION'],
  '58-snapshot-store': [
    'SNAPSHOT_S3_ENDPOINT',
    'SNAPSHOT_S3_BUCKET',
    'SNAPSHOT_S3_REGION',
    'SNAPSHOT_S3_FOLDER',
    'SNAPSHOT_S3_RETENTION',
    'SNAPSHOT_S3_ACCESS_KEY',
    'SNAPSHOT_S3_SECRET_KEY',
  ],
  '60-rancher-agent': ['RANCHER_URL', 'REGION', 'RANCHER_TOKEN_PARAMETER', 'RANCHER_CHECKSUM_PARAMETER', 'NODE_ROLES'],
  '60-rke2-server': [
    'DROVER_NODE',
    'REGION',
    'REGISTRATION_ADDRESS',
    'INITIALISER',
    'CLAIM_INITIALISED',
    'PUBLISH_CA_HASH',
  ],
  '61-publish': ['REGION'],
  '65-nginx': ['NGINX_HEALTH_PORT'],
  '66-keepalived': [
    'KEEPALIVED_ADDRESS',
    'KEEPALIVED_PEERS',
    'KEEPALIVED_ROUTER_ID',
    'KEEPALIVED_PRIORITY',
    'HOST_ADDRESS',
    'NGINX_HEALTH_PORT',
  ],
  '70-snapshot-copies': ['SNAPSHOT_CONTAINER', 'DROVER_CLUSTER', 'DROVER_NODE'],
  '75-gluster-heal': ['GLUSTER_VOLUME'],
  '80-health': [],
  '85-leaving': ['REGION'],
  '90-complete': ['REGION', 'LIFECYCLE_HOOK', 'ASG_NAME'],
};

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
    ...(dataDisk ? (['20-data-disk'] as const) : []),
    ...besides(options),
    ...mounting(options),
    ...tools(options),
    '60-rancher-agent',
    '80-health',
    ...(leavesOnNotice ? (['85-leaving'] as const) : []),
    ...(answersHooks ? (['90-complete'] as const) : []),
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
    ...(options.proxied ? (['05-proxy'] as const) : []),
    ...(options.firewalled === true ? (['14-firewall'] as const) : []),
    ...besides(options),
    '65-nginx',
    ...(options.sharesAddress === true ? (['66-keepalived'] as const) : []),
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
    ...(options.dataDisk === true ? (['20-data-disk'] as const) : []),
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
    ...(proxied ? (['05-proxy'] as const) : []),
    '10-host',
    ...(metadataOpenToPods ? (['12-pod-metadata'] as const) : []),
    ...(firewalled ? (['14-firewall'] as const) : []),
    ...(mirrored ? (['15-registries'] as const) : []),
  ];
}

function besides({ docker = false, watched = false }: Extras): readonly StepName[] {
  return [...(docker ? (['30-docker'] as const) : []), ...(watched ? (['35-zabbix-agent'] as const) : [])];
}

function mounting({ mountStep }: Mounting): readonly StepName[] {
  return mountStep === undefined ? [] : [mountStep];
}

function tools({ kubectl = false }: Extras): readonly StepName[] {
  return kubectl ? ['55-kubectl'] : [];
}

function publishing(publishes: boolean): readonly StepName[] {
  return publishes ? ['61-publish'] : [];
}

/** Before RKE2: it reads where snapshots go when it starts. */
function storing({ storesSnapshots = false }: SnapshotKeeping): readonly StepName[] {
  return storesSnapshots ? ['58-snapshot-store'] : [];
}

function keeping({ copiesSnapshots = false }: SnapshotKeeping): readonly StepName[] {
  return copiesSnapshots ? ['70-snapshot-copies'] : [];
}

/**
 * Refuses at synth what would stop the bootstrap minutes after a machine was paid for.
 * @param what the machine, for the message
 * @throws naming the step and all settings that it lacks
 */
export function checkSettings(env: BootstrapEnv, steps: readonly StepName[], what: string): void {
  for (const step of steps) {
    const missing = STEP_NEEDS[step].filter((name) => (env[name] ?? '') === '');
    if (missing.length > 0) throw missingSettings(step, missing, what);
  }
}
