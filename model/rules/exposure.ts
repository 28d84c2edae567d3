import { formatCidr, isAligned, parseCidr } from '../cidr';
import { formatPath, notAllowed } from '../problem';
import type { EnvironmentSpec } from '../spec/environment';
import type { WebSpec } from '../spec/exposure';
import { allowedOf, cidrPath, doorsOf, memberDoorsOf, WORLD } from './doors';
import { repeatedIndexes } from './rule';
import type { Rule } from './rule';
import { zonePath } from './zones';

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
      : allowedOf([{ path: ['management'], value: env.management }])
          .filter(({ value }) => parseCidr(value).prefix === 0)
          .map(({ path, value }) =>
            notAllowed(
              path,
              value,
              'must be a network of yours: the whole world is let in only for tls.source "letsEncrypt"',
            ),
          ),
};

export const allowedCidrsAligned: Rule = {
  id: 'allowed-cidrs-aligned',
  check: (env) =>
    allowedOf(doorsOf(env))
      .filter(({ value }) => !isAligned(value))
      .map(({ path, value }) =>
        notAllowed(path, value, `must begin with its network address: ${formatCidr(parseCidr(value))}`),
      ),
};

export const allowedCidrsDistinct: Rule = {
  id: 'allowed-cidrs-distinct',
  check: (env) =>
    doorsOf(env).flatMap(({ path, value: { allowedCidrs } }) =>
      repeatedIndexes(allowedCidrs).map((index) =>
        notAllowed(cidrPath(path, index), allowedCidrs[index], 'must be named once'),
      ),
    ),
};

export const publicInPublicZone: Rule = {
  id: 'public-in-public-zone',
  check: (env) =>
    doorsOf(env).flatMap(({ path, value: { exposure }, site }) =>
      exposure === 'internal' || (env.sites[site]?.dns ?? env.dns).public
        ? []
        : [
            notAllowed(
              [...path, 'exposure'],
              exposure,
              `must be "internal", or ${formatPath([...zonePath(env, site), 'public'])} true: nobody outside resolves a name in a private zone`,
            ),
          ],
    ),
};

export const worldOnlyInPublic: Rule = {
  id: 'world-only-in-public',
  check: (env) =>
    allowedOf(memberDoorsOf(env).filter(({ value }) => value.exposure === 'internal'))
      .filter(({ value }) => parseCidr(value).prefix === 0)
      .map(({ path, value }) =>
        notAllowed(path, value, 'must be a network of yours, or set exposure to "public": the world reaches no other'),
      ),
};

export const publicLetsSomebodyIn: Rule = {
  id: 'public-lets-somebody-in',
  check: (env) =>
    memberDoorsOf(env)
      .filter(({ value }) => value.exposure === 'public' && value.allowedCidrs.length === 0)
      .map(({ path }) =>
        notAllowed(
          [...path, 'exposure'],
          'public',
          `must come with allowedCidrs, the networks that may use it: nobody is let in without; everybody is ${WORLD}`,
        ),
      ),
};

export const webHasIngressNodes: Rule = {
  id: 'web-has-ingress-nodes',
  check: (env) =>
    memberDoorsOf(env)
      .filter(({ value, isTaken }) => !isTaken && isChosen(value))
      .map(({ path, value }) =>
        notAllowed(
          path,
          value,
          'must be left out, or give a node group the role "ingress": nothing else takes traffic',
        ),
      ),
};

function isChosen({ exposure, allowedCidrs }: WebSpec): boolean {
  return exposure === 'public' || allowedCidrs.length > 0;
}

function usesLetsEncrypt({ management }: EnvironmentSpec): boolean {
  return management.tls.source === 'letsEncrypt';
}
