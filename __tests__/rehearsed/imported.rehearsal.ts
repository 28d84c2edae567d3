import fs from 'node:fs';
import path from 'node:path';
import { listWorld } from '../../rehearsal/world';
import { Workspace } from '../../rehearsal/workspace';
import { folderWith, lines, rehearseIn, type Outcome } from './drover';
import { huntStates, secretsOf, unexpected } from './hunt';
import { madeByType, wantedByType } from './world';

/** A fleet whose only member is a cluster that others made. */
const ENVIRONMENT = 'hosted';
const TEXT = `name: hosted
domain: hosted.example.com
dns: { zone: hosted.example.com }
state: { kind: s3, bucket: example-drover-hosted, region: eu-west-1, kmsKeyId: alias/drover-hosted }
sites:
  eu: { platform: aws, region: eu-west-1, cidr: 10.60.0.0/16 }
management:
  site: eu
  hostname: rancher.hosted.example.com
  servers: { count: 1, machine: { instanceType: m7i.large, image: ami-0a1b2c3d4e5f60718 } }
clusters:
  erp:
    kind: imported
    cloud: alibaba
    region: cn-hangzhou
    labels: { tier: shop }
    api:
      endpoint: https://erp.example.com:6443
      token: ssm:/hosted/erp/token
      ca: ssm:/hosted/erp/ca
    egressCidrs: [198.51.100.0/24]
    web:
      allowedCidrs: [203.0.113.0/24]
`;

const workspace = new Workspace(path.resolve('.'), ENVIRONMENT);
const rehearse = (options: readonly string[], from = '', to = ''): Outcome =>
  rehearseIn(ENVIRONMENT, options, folderWith(ENVIRONMENT, TEXT.replace(from, to)));

describe('a cluster that others made, in a fleet that is deployed in rehearsal', () => {
  test('becomes a member with services and applications, and a second plan of every stack is empty', () => {
    fs.rmSync(workspace.dir, { recursive: true, force: true });
    const up = rehearse([]);
    expect(up).toMatchObject({ code: 0, ok: true });
    expect(up.stacks?.map(({ name }) => name)).toEqual([
      'hosted-eu-network',
      'hosted-management-servers',
      'hosted-management-rancher',
      'hosted-management-policy',
      'hosted-erp-cluster',
      'hosted-erp-services',
      'hosted-erp-apps',
    ]);
    for (const stack of up.stacks ?? []) {
      expect(stack).toMatchObject({ state: 'done', secondPlan: { changes: [], errors: [] } });
    }
    expect(madeByType(workspace)).toEqual(wantedByType(workspace));
  });

  test('is looked at by Rancher, whose label of it no plan takes away', () => {
    const [cluster] = listWorld(workspace.world).filter(({ type }) => type === 'rancher2_cluster');
    expect(JSON.parse(fs.readFileSync(cluster?.file ?? '', 'utf8'))).toMatchObject({
      attrs: { labels: { 'provider.cattle.io': 'eks', 'drover/cloud': 'alibaba', tier: 'shop' } },
    });
    expect(lines(rehearse(['--plan'], 'tier: shop', 'tier: shop, owner: erp'))).toEqual([
      'update rancher2_cluster.member_cluster',
    ]);
  });

  test('keeps its secrets in the store and in no state but at the listed addresses', () => {
    const secrets = secretsOf(workspace.world);
    expect(secrets.size).toBeGreaterThanOrEqual(6);
    const finds = huntStates(workspace.state, secrets);
    expect(unexpected(finds)).toEqual([]);
    expect(finds.map(({ address }) => address.split('.')[0])).toContain('rancher2_cluster');
  });

  test('hands its agent the token anew where a number says so', () => {
    const plan = rehearse(['--plan'], '    labels:', '    registrationVersion: 2\n    labels:');
    expect(lines(plan)).toEqual(['update helm_release.agent_release']);
  });

  test('is taken away whole', () => {
    expect(rehearse(['--down'])).toMatchObject({ code: 0, ok: true, leftovers: [] });
  });
});
