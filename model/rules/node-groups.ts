import { hasIngressNodes, raisedMembers } from '../lookup';
import { keyNotAllowed, notAllowed } from '../problem';
import { cloudGroupsOf, nodeGroupsOf, repeatedIndexes } from './rule';
import type { Rule } from './rule';

/** Kinds of machines of a member whose identities are named as those of its groups are. */
const TAKEN_NAMES = ['servers', 'storage'];

export const nodeGroupNamesFree: Rule = {
  id: 'node-group-names-free',
  check: (env) =>
    nodeGroupsOf(env)
      .filter(({ path }) => TAKEN_NAMES.includes(String(path.at(-1))))
      .map(({ path }) => keyNotAllowed(path, 'must be another name: Drover calls machines of its own so')),
};

export const minSizeWithinMax: Rule = {
  id: 'min-size-within-max',
  check: (env) =>
    cloudGroupsOf(env).flatMap(({ path, value: { minSize, maxSize } }) =>
      minSize <= maxSize ? [] : [notAllowed([...path, 'minSize'], minSize, `must not exceed maxSize (${maxSize})`)],
    ),
};

export const onDemandBaseWithinMax: Rule = {
  id: 'on-demand-base-within-max',
  check: (env) =>
    cloudGroupsOf(env).flatMap(({ path, value: { mixed, maxSize } }) =>
      mixed === undefined || mixed.onDemandBase <= maxSize
        ? []
        : [notAllowed([...path, 'mixed', 'onDemandBase'], mixed.onDemandBase, `must not exceed maxSize (${maxSize})`)],
    ),
};

export const mixedTypesDistinct: Rule = {
  id: 'mixed-types-distinct',
  check: (env) =>
    cloudGroupsOf(env).flatMap(({ path, value: { mixed, machine } }) =>
      // A launch template override may name a type once, and the machine's own type is the first of them.
      repeatedIndexes([machine.instanceType, ...(mixed?.instanceTypes ?? [])]).map((repeated) =>
        notAllowed(
          [...path, 'mixed', 'instanceTypes', repeated - 1],
          mixed?.instanceTypes[repeated - 1],
          `must be named once; the machine's own type ("${machine.instanceType}") counts`,
        ),
      ),
    ),
};

export const taintsDistinct: Rule = {
  id: 'taints-distinct',
  check: (env) =>
    nodeGroupsOf(env).flatMap(({ path, value: { taints } }) =>
      repeatedIndexes(taints.map((taint) => `${taint.key}:${taint.effect}`)).map((index) =>
        notAllowed([...path, 'taints', index], taints[index], 'must differ from the other taints in key or effect'),
      ),
    ),
};

export const ingressHasNodes: Rule = {
  id: 'ingress-has-nodes',
  check: (env) =>
    Object.entries(raisedMembers(env)).flatMap(([name, cluster]) =>
      !cluster.services.ingress.enabled || hasIngressNodes(cluster)
        ? []
        : [
            notAllowed(
              ['clusters', name, 'services', 'ingress', 'enabled'],
              true,
              'must be false, or give a node group the role "ingress": the public traffic needs nodes',
            ),
          ],
    ),
};
