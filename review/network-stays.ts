import type { PlanChange } from './plan-changes';
import type { Verdict } from './verdict';

const NETWORKS: ReadonlySet<string> = new Set(['aws_vpc', 'azurerm_virtual_network']);

/** Everything of a site has an address in its network: with another network, nothing of the site is what it was. */
export function networkStays(stack: string, changes: readonly PlanChange[]): Verdict[] {
  return changes.flatMap((change) => {
    const loss = NETWORKS.has(change.type) ? lossOf(change) : undefined;
    if (loss === undefined) return [];
    return [
      {
        rule: 'network-stays' as const,
        stack,
        ok: false,
        text: `the network of the site ${loss} (${change.address}), and every subnet and machine in it with it; the network of a site can't change: take 'cidr' and 'region' back, make a new site with the other network, and move the clusters there`,
      },
    ];
  });
}

function lossOf({ action, attributes }: PlanChange): string | undefined {
  if (action === 'replace') return 'would be made anew';
  if (action === 'destroy') return 'would be destroyed';
  // Azure would change it in place, and then refuse that for the subnets that have machines.
  return attributes.some(({ path }) => path.startsWith('address_space')) ? 'would get other addresses' : undefined;
}
