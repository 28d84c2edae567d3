import type { PlanChange } from './plan-changes';

/** What a rule of the guard says about a plan. */
export interface Verdict {
  readonly rule: 'one-server-at-a-time' | 'one-storage-node-at-a-time' | 'bricks-stay' | 'machine-disks-stay';
  readonly stack: string;
  readonly ok: boolean;
  /** What it found, in a sentence. */
  readonly text: string;
}

/** Machines of a cluster of which no two may be away at once. */
interface Quorum {
  readonly rule: Exclude<Verdict['rule'], 'bricks-stay' | 'machine-disks-stay'>;
  /** The tag that says which of them a machine, its disk or its address belongs to, and what it says. */
  readonly tag: string;
  readonly key: RegExp;
  readonly one: string;
  readonly several: string;
  /** What would lose its majority. */
  readonly keeper: string;
}

const STORAGE_TAG = 'drover:storage';

/** Tag of a machine of a site, and of its disk. */
const MACHINE_TAG = 'drover:machine';

const QUORUMS: readonly Quorum[] = [
  {
    rule: 'one-server-at-a-time',
    tag: 'drover:node',
    key: /^s\d+$/,
    one: 'server',
    several: 'servers',
    // https://etcd.io/docs/v3.5/faq/#what-is-failure-tolerance
    keeper: 'etcd',
  },
  {
    rule: 'one-storage-node-at-a-time',
    tag: STORAGE_TAG,
    key: /^g\d+$/,
    one: 'storage node',
    several: 'storage nodes',
    // https://docs.gluster.org/en/main/Administrator-Guide/arbiter-volumes-and-quorum/
    keeper: 'GlusterFS',
  },
];

const DISKS: ReadonlySet<string> = new Set(['aws_ebs_volume', 'azurerm_managed_disk']);

/** What a keyed machine cannot lose without being away. */
const PARTS: ReadonlySet<string> = new Set([
  ...DISKS,
  'aws_instance',
  'aws_network_interface',
  'azurerm_linux_virtual_machine',
  'azurerm_network_interface',
]);

/**
 * Judges the plan of one stack. The servers of a cluster are in one stack, its storage nodes too, and each kind keeps its
 * majority only while the others stay.
 */
export function guardPlan(stack: string, changes: readonly PlanChange[]): Verdict[] {
  return [
    ...QUORUMS.flatMap((quorum) => judge(stack, changes, quorum)),
    ...bricksStay(stack, changes),
    ...machineDisksStay(stack, changes),
  ];
}

/** A brick also holds who its machine is to its peers: with an empty one it is a stranger to them, and stays one. */
function bricksStay(stack: string, changes: readonly PlanChange[]): Verdict[] {
  return changes
    .filter(({ type, action, tags }) => action === 'replace' && DISKS.has(type) && tags[STORAGE_TAG] !== undefined)
    .map(({ tags }) => ({
      rule: 'bricks-stay',
      stack,
      ok: false,
      text: `the brick of ${tags[STORAGE_TAG] ?? ''} would be made anew, and empty; it can only grow, and stays in its zone: take back what makes it smaller or moves it`,
    }));
}

/** What a disk of a machine holds is nowhere else. */
function machineDisksStay(stack: string, changes: readonly PlanChange[]): Verdict[] {
  return changes
    .filter(({ type, action, tags }) => action === 'replace' && DISKS.has(type) && tags[MACHINE_TAG] !== undefined)
    .map(({ tags }) => ({
      rule: 'machine-disks-stay',
      stack,
      ok: false,
      text: `the disk of machine ${tags[MACHINE_TAG] ?? ''} would be made anew, and empty; it can only grow, and stays in its zone: take back what makes it smaller or moves it`,
    }));
}

function judge(stack: string, changes: readonly PlanChange[], quorum: Quorum): Verdict[] {
  const { rule, tag, one, several, keeper } = quorum;
  const lost = new Set(changes.filter((it) => losesPart(it, quorum)).map((it) => it.tags[tag]));
  if (lost.size === 0) return [];
  const names = [...lost].sort().join(', ');
  return lost.size === 1
    ? [{ rule, stack, ok: true, text: `one ${one} is replaced or destroyed: ${names}` }]
    : [
        {
          rule,
          stack,
          ok: false,
          text: `${lost.size} ${several} are replaced or destroyed at once: ${names}; ${keeper} allows one: change one, deploy, wait until it is healthy, then the next`,
        },
      ];
}

function losesPart({ type, action, tags }: PlanChange, { tag, key }: Quorum): boolean {
  const isLoss = action === 'replace' || action === 'destroy';
  return isLoss && PARTS.has(type) && key.test(tags[tag] ?? '');
}
