import { LABEL_PREFIX, TAG_PREFIX } from '../identity';
import { keyNotAllowed, notAllowed } from '../problem';
import type { Path, Problem } from '../problem';
import { nodeGroupsOf } from './rule';
import type { Rule } from './rule';

/**
 * A kubelet refuses to start with labels of these domains, but for the listed ones.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#noderestriction
 */
const KUBERNETES_DOMAIN = /(^|\.)(kubernetes\.io|k8s\.io)\//;
const KUBELET_MAY_SET = /(^|\.)(kubelet\.kubernetes\.io|node\.kubernetes\.io)\//;

export const labelsNotReserved: Rule = {
  id: 'labels-not-reserved',
  check: (env) => [
    ...Object.entries(env.clusters).flatMap(([name, { labels }]) =>
      reservedKeys(['clusters', name, 'labels'], Object.keys(labels)),
    ),
    ...nodeGroupsOf(env).flatMap(({ path, value }) => reservedKeys([...path, 'labels'], Object.keys(value.labels))),
  ],
};

export const nodeLabelsTakenByKubelet: Rule = {
  id: 'node-labels-taken-by-kubelet',
  check: (env) =>
    nodeGroupsOf(env).flatMap(({ path, value }) =>
      Object.keys(value.labels)
        .filter((key) => KUBERNETES_DOMAIN.test(key) && !KUBELET_MAY_SET.test(key))
        .map((key) =>
          keyNotAllowed(
            [...path, 'labels', key],
            'must not be of kubernetes.io or k8s.io (node.kubernetes.io/ may be): the kubelet would not start',
          ),
        ),
    ),
};

export const taintsNotReserved: Rule = {
  id: 'taints-not-reserved',
  check: (env) =>
    nodeGroupsOf(env).flatMap(({ path, value: { taints } }) =>
      taints.flatMap(({ key }, index) =>
        key.startsWith(LABEL_PREFIX)
          ? [
              notAllowed(
                [...path, 'taints', index, 'key'],
                key,
                `must not begin with "${LABEL_PREFIX}": Drover sets these`,
              ),
            ]
          : [],
      ),
    ),
};

export const tagsNotReserved: Rule = {
  id: 'tags-not-reserved',
  check: ({ tags }) =>
    Object.keys(tags)
      .filter((key) => key === 'Name' || /^(drover:|aws:)/i.test(key))
      .map((key) =>
        keyNotAllowed(
          ['tags', key],
          `must be neither "Name" nor begin with "${TAG_PREFIX}" or "aws:": these are set already`,
        ),
      ),
};

function reservedKeys(path: Path, keys: readonly string[]): Problem[] {
  return keys
    .filter((key) => key.startsWith(LABEL_PREFIX))
    .map((key) => keyNotAllowed([...path, key], `must not begin with "${LABEL_PREFIX}": Drover sets these`));
}
