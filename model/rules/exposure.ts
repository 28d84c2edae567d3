import { formatCidr, isAligned, parseCidr } from '../cidr';
import { notAllowed } from '../problem';
import type { EnvironmentSpec } from '../spec/environment';
import { repeatedIndexes } from './rule';
import type { Rule } from './rule';

const WORLD = '0.0.0.0/0';
const ALLOWED_CIDRS = ['management', 'allowedCidrs'] as const;

export const letsEncryptOpen: Rule = {
  id: 'lets-encrypt-open',
  check: (env) =>
    !usesLetsEncrypt(env) || (env.management.exposure === 'public' && env.management.allowedCidrs.includes(WORLD))
      ? []
      : [
          notAllowed(
            ['management', 'tls', 'source'],
            'letsEncrypt',
            `needs 80/443 open to the world: set exposure to "public" and allow ${WORLD}, or take the source "rancher"`,
          ),
        ],
};

export const openOnlyForLetsEncrypt: Rule = {
  id: 'open-only-for-lets-encrypt',
  check: (env) =>
    usesLetsEncrypt(env)
      ? []
      : env.management.allowedCidrs.flatMap((cidr, index) =>
          parseCidr(cidr).prefix > 0
            ? []
            : [
                notAllowed(
                  [...ALLOWED_CIDRS, index],
                  cidr,
                  'must be a network of yours: the whole world is let in only for tls.source "letsEncrypt"',
                ),
              ],
        ),
};

export const allowedCidrsAligned: Rule = {
  id: 'allowed-cidrs-aligned',
  check: ({ management: { allowedCidrs } }) =>
    allowedCidrs.flatMap((cidr, index) =>
      isAligned(cidr)
        ? []
        : [
            notAllowed(
              [...ALLOWED_CIDRS, index],
              cidr,
              `must begin with its network address: ${formatCidr(parseCidr(cidr))}`,
            ),
          ],
    ),
};

export const allowedCidrsDistinct: Rule = {
  id: 'allowed-cidrs-distinct',
  check: ({ management: { allowedCidrs } }) =>
    repeatedIndexes(allowedCidrs).map((index) =>
      notAllowed([...ALLOWED_CIDRS, index], allowedCidrs[index], 'must be named once'),
    ),
};

export const publicInPublicZone: Rule = {
  id: 'public-in-public-zone',
  check: ({ management: { exposure }, dns }) =>
    exposure === 'internal' || dns.public
      ? []
      : [
          notAllowed(
            ['management', 'exposure'],
            exposure,
            'must be "internal", or dns.public true: nobody outside resolves a name in a private zone',
          ),
        ],
};

function usesLetsEncrypt({ management }: EnvironmentSpec): boolean {
  return management.tls.source === 'letsEncrypt';
}
