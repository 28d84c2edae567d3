import { containsNetwork, parseCidr } from '../cidr';
import { notAllowed } from '../problem';
import type { Rule } from './rule';
import { PRIVATE_NETWORKS } from './sites';

export const bastionLetsSomebodyIn: Rule = {
  id: 'bastion-lets-somebody-in',
  check: (env) =>
    env.management.allowedCidrs.some((cidr) => !isPrivate(cidr))
      ? []
      : Object.entries(env.sites).flatMap(([name, site]) =>
          site.platform === 'azure' && site.bastion
            ? [
                notAllowed(
                  ['sites', name, 'bastion'],
                  site.bastion,
                  'must come with a network of the internet in management.allowedCidrs: a bastion has a public address, and lets in whoever comes from these',
                ),
              ]
            : [],
        ),
};

function isPrivate(cidr: string): boolean {
  return PRIVATE_NETWORKS.some((network) => containsNetwork(parseCidr(network), parseCidr(cidr)));
}
