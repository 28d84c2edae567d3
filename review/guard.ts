import type { PlanChange } from './plan-changes';

/** What a rule of the guard says about a plan. */
export interface Verdict {
  readonly rule: 'one-server-at-a-time';
  readonly stack: string;
  readonly ok: boolean;
  /** What it found, in a sentence. */
  readonly text: string;
}

/** The tag that says which server of its cluster a machine, its disk or its address belongs to. */
const SERVER_TAG = 'drover:node';
/** What an etcd member cannot lose without leaving its cluster. */
const SERVER_PARTS: ReadonlySet<string> = new Set([
  'aws_instance',
  'aws_ebs_volume',
  'aws_network_interface',
  'azurerm_linux_virtual_machine',
  'azurerm_managed_disk',
  'azurerm_network_interface',
]);

/**
 * Judges the plan of one stack. The servers of a cluster are in one stack, and etcd keeps its majority only while the
 * others stay: https://etcd.io/docs/v3.5/faq/#what-is-failure-tolerance
 */
export function guardPlan(stack: string, changes: readonly PlanChange[]): Verdict[] {
  const servers = new Set(changes.filter(losesServer).map((it) => it.tags[SERVER_TAG]));
  if (servers.size === 0) return [];
  const names = [...servers].sort().join(', ');
  const rule = 'one-server-at-a-time';
  return servers.size === 1
    ? [{ rule, stack, ok: true, text: `one server is replaced or destroyed: ${names}` }]
    : [
        {
          rule,
          stack,
          ok: false,
          text: `${servers.size} servers are replaced or destroyed at once: ${names}; etcd allows one: change one, deploy, wait until it is healthy, then the next`,
        },
      ];
}

function losesServer({ type, action, tags }: PlanChange): boolean {
  const isLoss = action === 'replace' || action === 'destroy';
  return isLoss && SERVER_PARTS.has(type) && /^s\d+$/.test(tags[SERVER_TAG] ?? '');
}
