import { dataGoesWithStack, dataStays } from './data-stays';
import { networkStays } from './network-stays';
import type { PlanChange } from './plan-changes';
import { DISKS, MACHINE_TAG, NODE_TAG, SERVER_KEY, STORAGE_TAG, type Verdict } from './verdict';
import { versionsRise } from './versions-rise';

/** Machines of a cluster of which no two may be away at once. */
interface Quorum {
  readonly rule: Verdict['rule'];
  /** The tag that says which of them a machine, its disk or its address belongs to, and what it says. */
  readonly tag: string;
  readonly key: RegExp;
  readonly one: string;
  readonly several: string;
  /** What would lose its majority. */
  readonly keeper: string;
}

const QUORUMS: readonly Quorum[] = [
  {
    rule: 'one-server-at-a-time',
    tag: NODE_TAG,
    key: SERVER_KEY,
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

const INTERFACES: ReadonlySet<string> = new Set(['aws_network_interface', 'azurerm_network_interface']);

/** No number renews an address: it follows from the site alone. */
const MOVED =
  "their addresses change, which can't be done one by one: take back what changes the site's network or zones";

/** What a keyed machine cannot lose without being away. */
const PARTS: ReadonlySet<string> = new Set([...DISKS, ...INTERFACES, 'aws_instance', 'azurerm_linux_virtual_machine']);

/**
 * Judges the plan of one stack. The servers of a cluster are in one stack, its storage nodes too, and each kind keeps its
 * majority only while the others stay.
 */
export function guardPlan(stack: string, changes: readonly PlanChange[]): Verdict[] {
  if (isTakenAway(changes)) return dataGoesWithStack(stack, changes);
  return [
    ...networkStays(stack, changes),
    ...versionsRise(stack, changes),
    ...QUORUMS.flatMap((quorum) => judge(stack, changes, quorum)),
    ...bricksStay(stack, changes),
    ...machineDisksStay(stack, changes),
    ...dataStays(stack, changes),
  ];
}

/** Terraform gives a reason for what it destroys, unless it was asked to destroy the stack. */
function isTakenAway(changes: readonly PlanChange[]): boolean {
  return changes.length > 0 && changes.every(({ action, reasons }) => action === 'destroy' && reasons.length === 0);
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
          text: `${lost.size} ${several} are replaced or destroyed at once: ${names}; ${keeper} allows one: ${changes.some((it) => isMoved(it, quorum)) ? MOVED : 'change one, deploy, wait until it is healthy, then the next'}`,
        },
      ];
}

function isMoved({ type, action, tags }: PlanChange, { tag, key }: Quorum): boolean {
  return action === 'replace' && INTERFACES.has(type) && key.test(tags[tag] ?? '');
}

function losesPart({ type, action, tags }: PlanChange, { tag, key }: Quorum): boolean {
  const isLoss = action === 'replace' || action === 'destroy';
  return isLoss && PARTS.has(type) && key.test(tags[tag] ?? '');
}
