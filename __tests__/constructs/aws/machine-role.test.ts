import type { Statement } from '../../../constructs/aws/policy-document';
import { only } from '../../support/synth';
import { machinesOf, withShop } from './machines-fixture';

const { resource } = machinesOf(withShop());

function statementsOf(role: string): Statement[] {
  const { policy } = only(resource, 'aws_iam_role_policy', role);
  return (JSON.parse(String(policy)) as { Statement: Statement[] }).Statement;
}

const servers = statementsOf('machines_servers_role');
const workers = statementsOf('machines_groups_workers_role');
const actionsOf = (statements: readonly Statement[]): string[] => statements.flatMap(({ Action: action }) => action);

test('only EC2 may wear the role of a machine', () => {
  const { assume_role_policy: trust } = only(resource, 'aws_iam_role', 'machines_servers_role');
  expect(JSON.parse(String(trust))).toMatchObject({
    Statement: [{ Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  });
});

test('a machine reads its own two parameters and no others', () => {
  for (const statements of [servers, workers]) {
    expect(statements.find(({ Sid }) => Sid === 'ReadSecrets')).toMatchObject({
      Action: 'ssm:GetParameter',
      Resource: [
        expect.stringContaining('secrets_registration-token'),
        expect.stringContaining('secrets_registration-checksum'),
      ],
    });
    expect(actionsOf(statements).filter((action) => /ssm:(GetParameters|PutParameter)/.test(action))).toEqual([]);
  }
});

test('a machine answers the hooks of its own group', () => {
  expect(workers.find(({ Sid }) => Sid === 'AnswerHooks')).toMatchObject({
    Action: 'autoscaling:CompleteLifecycleAction',
    Resource: expect.stringMatching(/:autoScalingGroup:\*:autoScalingGroupName\/drover-dev-shop-workers$/),
  });
});

test('a machine sets one tag, on machines of its cluster', () => {
  expect(workers.find(({ Sid }) => Sid === 'ReportBootstrap')).toMatchObject({
    Action: 'ec2:CreateTags',
    Condition: {
      StringEquals: { 'aws:ResourceTag/drover:env': 'dev', 'aws:ResourceTag/drover:cluster': 'shop' },
      'ForAllValues:StringEquals': { 'aws:TagKeys': ['drover:bootstrap'] },
    },
  });
});

test('the key of the site serves through a service, never by itself', () => {
  const withKey = [...servers, ...workers].filter(({ Action: action }) =>
    [action].flat().some((it) => it.startsWith('kms:')),
  );
  expect(withKey.length).toBeGreaterThan(3);
  for (const { Condition: condition } of withKey) {
    expect(condition).toMatchObject({
      StringEquals: { 'kms:ViaService': expect.stringMatching(/^(ssm|s3)\.eu-west-1/) },
    });
  }
});

test('only servers look at machines for the cloud controller manager, and no machine changes the network', () => {
  expect(actionsOf(servers)).toContain('ec2:DescribeInstances');
  expect(actionsOf(workers)).not.toContain('ec2:DescribeInstances');
  expect(
    actionsOf([...servers, ...workers]).filter((it) => /SecurityGroup|Route|elasticloadbalancing|iam:|:\*$/.test(it)),
  ).toEqual([]);
});

test('what takes no resource is a closed list', () => {
  const open = [...servers, ...workers].filter(({ Resource: on }) => on === '*').map(({ Sid }) => Sid);
  expect([...new Set(open)].sort()).toEqual(['CloudControllerManager', 'SessionManager']);
});

test('a role fits into what IAM takes', () => {
  for (const role of ['machines_servers_role', 'machines_groups_workers_role']) {
    expect(String(only(resource, 'aws_iam_role_policy', role)['policy']).length).toBeLessThan(10_240);
  }
});
