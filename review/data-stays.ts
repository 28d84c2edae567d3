import type { PlanChange } from './plan-changes';
import { DISKS, MACHINE_TAG, NODE_TAG, SERVER_KEY, type Verdict } from './verdict';

/** What holds data that is nowhere else. */
interface Keeper {
  readonly isIt: (change: PlanChange) => boolean;
  readonly what: string;
  /** What is lost with it. */
  readonly loss: string;
  /** What to do instead. */
  readonly instead: string;
  /** Losses that somebody may want, told but not refused: what the data no longer asks for goes. @default - none */
  readonly allowed?: readonly PlanChange['action'][];
}

const ofType =
  (...types: readonly string[]) =>
  ({ type }: PlanChange): boolean =>
    types.includes(type);

const KEEPERS: readonly Keeper[] = [
  {
    isIt: ofType('aws_kms_key'),
    what: 'the key of the site',
    loss: 'disks, secrets, logs and snapshots that it encrypts cannot be read without it',
    instead: 'take back what changes it',
  },
  {
    isIt: ofType('azurerm_key_vault'),
    what: 'the vault of the site',
    loss: 'the secrets that its machines start and join with are in it alone',
    instead: 'take back what changes it',
  },
  {
    // Other buckets and accounts hold what the program puts there.
    isIt: ({ type, address }) => /^(aws_s3_bucket|azurerm_storage_account)$/.test(type) && /_snapshots_/.test(address),
    what: 'the store of etcd snapshots',
    loss: 'the snapshots in it are gone, and with them the only copies that are not on the servers',
    instead: 'take back what changes it, or copy them first',
    allowed: ['destroy'],
  },
  {
    isIt: ofType('rancher2_cluster_v2'),
    what: 'the cluster in Rancher',
    loss: 'its nodes leave it, and everything that runs on them ends',
    instead: 'take back what changes it; a cluster is taken away by destroying its stacks',
  },
  {
    isIt: ofType('kubernetes_namespace_v1'),
    what: 'a namespace',
    loss: 'everything in it goes, its volumes with what they hold too',
    instead: 'take its old name back; or add a second one, move what it holds, then remove the first',
    allowed: ['destroy'],
  },
  {
    isIt: ({ type, tags }) => DISKS.has(type) && SERVER_KEY.test(tags[NODE_TAG] ?? ''),
    what: "a server's disk of etcd",
    loss: 'the other servers fill a new one; without others, all that the cluster knows is gone but for its snapshots',
    instead: 'take back what changes it',
    // How many of them a plan may take is said by 'one-server-at-a-time'.
    allowed: ['replace', 'destroy'],
  },
  {
    isIt: ({ type, action, tags }) => action === 'destroy' && DISKS.has(type) && tags[MACHINE_TAG] !== undefined,
    what: "a machine's disk",
    loss: 'what it holds is nowhere else',
    instead: 'take back what removes the machine',
    allowed: ['destroy'],
  },
];

/** What holds data goes because somebody wants it, never because of another change. */
export function dataStays(stack: string, changes: readonly PlanChange[]): Verdict[] {
  return lossesIn(changes).map(({ keeper: { what, loss, instead, allowed = [] }, change: { address, action } }) => {
    const ok = allowed.includes(action);
    const happens = `${what} would be ${action === 'replace' ? 'made anew' : 'destroyed'} (${address})`;
    return { rule: 'data-stays', stack, ok, text: `${happens}: ${loss}${ok ? '' : `; ${instead}`}` };
  });
}

/** Destroying a whole stack is asked for by name, so it is told, and not refused. */
export function dataGoesWithStack(stack: string, changes: readonly PlanChange[]): Verdict[] {
  return lossesIn(changes).map(({ keeper: { what }, change: { address } }) => ({
    rule: 'data-stays',
    stack,
    ok: true,
    text: `the stack is taken away, and ${what} with it (${address})`,
  }));
}

function lossesIn(changes: readonly PlanChange[]): { keeper: Keeper; change: PlanChange }[] {
  return changes
    .filter(({ action }) => action === 'replace' || action === 'destroy')
    .flatMap((change) => KEEPERS.filter((it) => it.isIt(change)).map((keeper) => ({ keeper, change })));
}
