import { lt, parse, type SemVer } from 'semver';
import type { PlanChange } from './plan-changes';
import type { Verdict } from './verdict';

/** Something with a version that cannot be lowered. */
interface Versioned {
  readonly attribute: string;
  readonly what: string;
  readonly isIt: (change: PlanChange) => boolean;
  readonly whyNotLower: string;
  /** Minor versions that it may rise at once, and why. @default - any number */
  readonly step?: { readonly minors: number; readonly why: string };
}

const VERSIONED: readonly Versioned[] = [
  {
    attribute: 'kubernetes_version',
    what: 'Kubernetes',
    isIt: ({ type }) => type === 'rancher2_cluster_v2',
    // https://kubernetes.io/releases/version-skew-policy/
    whyNotLower: 'etcd and its objects stay as the newer one wrote them; restore a snapshot that the older one took',
    step: { minors: 1, why: 'its servers skip no minor version; go to the next, deploy, wait until it is active' },
  },
  {
    attribute: 'version',
    what: 'Rancher',
    // The ids of constructs are a contract; the plan names the chart only where it changes.
    isIt: ({ address }) => address.startsWith('helm_release.rancher_release_'),
    // https://ranchermanager.docs.rancher.com/getting-started/installation-and-upgrade/install-upgrade-on-a-kubernetes-cluster/rollbacks
    whyNotLower: 'its objects stay as the newer one migrated them; restore a backup that the older one took',
  },
];

/** A version may rise, and not by more than what runs can follow. */
export function versionsRise(stack: string, changes: readonly PlanChange[]): Verdict[] {
  return VERSIONED.flatMap((versioned) =>
    changes.filter(versioned.isIt).flatMap((change) => {
      const text = complaint(versioned, change);
      return text === undefined ? [] : [{ rule: 'versions-rise' as const, stack, ok: false, text }];
    }),
  );
}

function complaint({ attribute, what, whyNotLower, step }: Versioned, change: PlanChange): string | undefined {
  const found = change.attributes.find(({ path }) => path === attribute);
  const [before, after] = [versionIn(found?.before), versionIn(found?.after)];
  if (before === undefined || after === undefined) return undefined;
  const move = `from ${before.raw} to ${after.raw} (${change.address})`;
  if (isLower(after, before)) return `${what} would go back ${move}: ${whyNotLower}`;
  const isFar = after.major !== before.major || after.minor - before.minor > (step?.minors ?? Infinity);
  return step !== undefined && isFar ? `${what} would go too far at once ${move}: ${step.why}` : undefined;
}

/** A version out of the JSON of an attribute; none where the plan does not know it. */
function versionIn(json: string | undefined): SemVer | undefined {
  return parse(/^"(.+)"$/.exec(json ?? '')?.[1]) ?? undefined;
}

/** As semver has it, and of one version of Kubernetes by the revision of RKE2, which semver ignores. */
function isLower(one: SemVer, other: SemVer): boolean {
  return lt(one, other) || (one.compare(other) === 0 && revisionOf(one) < revisionOf(other));
}

const revisionOf = ({ build }: SemVer): number => Number(/^rke2r(\d+)$/.exec(build[0] ?? '')?.[1] ?? 0);
