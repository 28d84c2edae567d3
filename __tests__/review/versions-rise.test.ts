import { guardPlan } from '../../review/guard';
import type { PlanChange } from '../../review/plan-changes';

function update(address: string, path: string, before: string, after: string): PlanChange {
  const attributes = [{ path, before: JSON.stringify(before), after: JSON.stringify(after) }];
  const type = address.split('.')[0] ?? '';
  return { address, type, action: 'update', reasons: [], attributes, tags: {} };
}
const judge = (change: PlanChange) => guardPlan('dev', [change]);
const cluster = (before: string, after: string) =>
  judge(update('rancher2_cluster_v2.member', 'kubernetes_version', before, after));
const release = (before: string, after: string, id = 'rancher_release_5ECD2F03') =>
  judge(update(`helm_release.${id}`, 'version', before, after));

test.each([
  ['v1.34.4+rke2r1', 'v1.35.7+rke2r1'],
  ['v1.35.6+rke2r1', 'v1.35.7+rke2r1'],
  ['v1.35.7+rke2r9', 'v1.35.7+rke2r10'],
])('Kubernetes may rise from %s to %s', (before, after) => {
  expect(cluster(before, after)).toEqual([]);
});

test.each([
  ['v1.35.7+rke2r1', 'v1.33.1+rke2r1'],
  ['v1.35.7+rke2r1', 'v1.35.6+rke2r2'],
  ['v1.35.7+rke2r10', 'v1.35.7+rke2r9'],
])('Kubernetes does not go back from %s to %s', (before, after) => {
  expect(cluster(before, after)).toEqual([
    {
      rule: 'versions-rise',
      stack: 'dev',
      ok: false,
      text: `Kubernetes would go back from ${before} to ${after} (rancher2_cluster_v2.member): etcd and its objects stay as the newer one wrote them; restore a snapshot that the older one took`,
    },
  ]);
});

test.each([
  ['v1.33.1+rke2r1', 'v1.35.7+rke2r1'],
  ['v1.35.7+rke2r1', 'v2.0.0+rke2r1'],
])('Kubernetes does not leap from %s to %s', (before, after) => {
  expect(cluster(before, after)).toMatchObject([
    {
      ok: false,
      text: `Kubernetes would go too far at once from ${before} to ${after} (rancher2_cluster_v2.member): its servers skip no minor version; go to the next, deploy, wait until it is active`,
    },
  ]);
});

test('Rancher rises as far as one likes, and does not go back; other releases may', () => {
  expect(release('2.12.1', '2.14.4')).toEqual([]);
  expect(release('2.14.4', '2.14.3')).toEqual([
    {
      rule: 'versions-rise',
      stack: 'dev',
      ok: false,
      text: 'Rancher would go back from 2.14.4 to 2.14.3 (helm_release.rancher_release_5ECD2F03): its objects stay as the newer one migrated them; restore a backup that the older one took',
    },
  ]);
  expect(release('v1.21.1', 'v1.20.0', 'rancher_cert-manager_release_FEF0A0CF')).toEqual([]);
});

test('a version that the plan does not know is not judged', () => {
  const [attribute] = update('x.y', 'kubernetes_version', 'v1.35.7+rke2r1', '').attributes;
  const unknown = update('rancher2_cluster_v2.member', '', '', '');
  expect(judge({ ...unknown, attributes: attribute ? [{ ...attribute, after: '(known after apply)' }] : [] })).toEqual(
    [],
  );
});
