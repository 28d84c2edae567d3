import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { guardPlan } from '../../review/guard';
import type { PlanAction, PlanChange } from '../../review/plan-changes';

const KEY = 'aws_kms_key.network_key_1C847939';
const VAULT = 'azurerm_key_vault.network_vault_EBD4BD00';
const BUCKET = 'aws_s3_bucket.foundation_snapshots_bucket_7EA8B2A0';
const ACCOUNT = 'azurerm_storage_account.foundation_snapshots_copies_account_10761AAB';
const CLUSTER = 'rancher2_cluster_v2.member_cluster_979DB5B4';
const NAMESPACE = 'kubernetes_namespace_v1.storefront_namespace_2304D47C';
const RANCHER = 'helm_release.rancher_release_5ECD2F03';

const change = (address: string, action: PlanAction, tags: Record<string, string> = {}): PlanChange => ({
  address,
  type: address.split('.')[0] ?? '',
  action,
  reasons: action === 'destroy' ? ['the program no longer has it'] : [],
  attributes: [],
  tags,
});
const judge = (it: PlanChange) => guardPlan('dev', [it]).filter(({ rule }) => rule === 'data-stays');

test.each([
  [KEY, false, false, 'the key of the site'],
  [VAULT, false, false, 'the vault of the site'],
  [CLUSTER, false, false, 'the cluster in Rancher'],
  [BUCKET, false, true, 'the store of etcd snapshots'],
  [ACCOUNT, false, true, 'the store of etcd snapshots'],
  [NAMESPACE, false, true, 'a namespace'],
])('%s: made anew is allowed: %s, destroyed: %s', (address, mayBeReplaced, mayGo, what) => {
  expect(judge(change(address, 'replace'))).toMatchObject([
    { ok: mayBeReplaced, text: expect.stringContaining(`${what} would be made anew (${address}): `) as string },
  ]);
  expect(judge(change(address, 'destroy'))).toMatchObject([
    { ok: mayGo, text: expect.stringContaining(`${what} would be destroyed (${address}): `) as string },
  ]);
  expect(['create', 'update', 'forget'].flatMap((it) => judge(change(address, it as PlanAction)))).toEqual([]);
});

test('what is refused comes with what is lost and what to do', () => {
  expect(judge(change(CLUSTER, 'destroy'))).toEqual([
    {
      rule: 'data-stays',
      stack: 'dev',
      ok: false,
      text: `the cluster in Rancher would be destroyed (${CLUSTER}): its nodes leave it, and everything that runs on them ends; take back what changes it; a cluster is taken away by destroying its stacks`,
    },
  ]);
});

test('what the program itself fills, a bundle or the keys of pods, may be made anew', () => {
  expect(judge(change('aws_s3_bucket.network_bundle_store_bucket_DFE1DE63', 'replace'))).toEqual([]);
  expect(judge(change('azurerm_storage_account.network_bundles_store_account_6939A7B9', 'replace'))).toEqual([]);
});

test("a server's disk and the disk of a machine that goes are told, not refused", () => {
  expect(judge(change('aws_ebs_volume.x', 'replace', { 'drover:node': 's2' }))).toMatchObject([
    { ok: true, text: expect.stringContaining("a server's disk of etcd would be made anew") as string },
  ]);
  expect(judge(change('azurerm_managed_disk.x', 'destroy', { 'drover:machine': 'files' }))).toMatchObject([
    { ok: true, text: expect.stringContaining("a machine's disk would be destroyed") as string },
  ]);
});

test('a whole stack may be destroyed, and the guard says what goes with it', () => {
  const whole = [KEY, CLUSTER, 'aws_vpc.v', 'aws_lb.plane'].map((it) => ({ ...change(it, 'destroy'), reasons: [] }));
  const servers = ['s1', 's2', 's3'].map((it) => ({
    ...change(`aws_instance.${it}`, 'destroy', { 'drover:node': it }),
    reasons: [],
  }));
  expect(guardPlan('dev', [...whole, ...servers])).toMatchObject([
    {
      rule: 'data-stays',
      ok: true,
      text: expect.stringContaining(`taken away, and the key of the site with it (${KEY})`) as string,
    },
    {
      rule: 'data-stays',
      ok: true,
      text: expect.stringContaining(`and the cluster in Rancher with it (${CLUSTER})`) as string,
    },
  ]);
});

test('the addresses that the rules go by are those of the program', () => {
  const golden = path.resolve('__tests__', 'golden');
  const addresses = readdirSync(golden, { recursive: true, encoding: 'utf8' })
    .filter((it) => it.endsWith('.json'))
    .flatMap((it) => {
      const { resource = {} } = JSON.parse(readFileSync(path.join(golden, it), 'utf8')) as {
        resource?: Record<string, Record<string, unknown>>;
      };
      return Object.entries(resource).flatMap(([type, named]) => Object.keys(named).map((name) => `${type}.${name}`));
    });
  expect(addresses).toEqual(expect.arrayContaining([KEY, VAULT, BUCKET, ACCOUNT, CLUSTER, NAMESPACE, RANCHER]));
});
