import { PodIdentity } from '../../../constructs/aws/pod-identity';
import type { Statement } from '../../../constructs/aws/policy-document';
import { ServiceAccountRole } from '../../../constructs/aws/service-account-role';
import { only, type Synthesized } from '../../support/synth';
import { environmentWith, inStack, networkIn } from './network-fixture';

const STATEMENT: Statement = { Sid: 'Look', Effect: 'Allow', Action: 'autoscaling:Describe*', Resource: '*' };

const identity = (statements: readonly Statement[] = [STATEMENT]): Synthesized & { issuer: string } => {
  let issuer = '';
  const result = inStack((stack) => {
    const environment = environmentWith();
    const clusterName = 'shop';
    const network = networkIn(stack, environment);
    const podIdentity = new PodIdentity(stack, 'identity', { environment, network, clusterName });
    issuer = podIdentity.issuer;
    new ServiceAccountRole(stack, 'autoscaler', {
      environment,
      clusterName,
      podIdentity,
      namespace: 'kube-system',
      serviceAccount: 'cluster-autoscaler',
      statements,
    });
  });
  return { ...result, issuer };
};

test('the issuer is known at synth, because a cluster can never change it', () => {
  expect(identity().issuer).toMatch(/^https:\/\/drover-dev-shop-identity-[0-9a-f]{6}\.s3\.eu-west-1\.amazonaws\.com$/);
});

test('the world may read the two documents that STS reads, and nothing else', () => {
  const { resource } = identity();
  const policy: unknown = JSON.parse(String(only(resource, 'aws_s3_bucket_policy', 'identity_')['policy']));
  expect(policy).toMatchObject({
    Statement: [
      { Effect: 'Deny' },
      { Effect: 'Deny' },
      {
        Effect: 'Allow',
        Action: 's3:GetObject',
        Resource: [
          expect.stringMatching(/\}\/\.well-known\/openid-configuration$/),
          expect.stringMatching(/\}\/openid\/v1\/jwks$/),
        ],
      },
    ],
  });
});

test('the documents are not under a key that the world lacks', () => {
  const { resource } = identity();
  expect(only(resource, 'aws_s3_bucket_server_side_encryption_configuration', 'identity_')).toMatchObject({
    rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: 'AES256' } }],
  });
});

test('IAM trusts the issuer for tokens that are meant for STS', () => {
  const { resource, issuer } = identity();
  expect(only(resource, 'aws_iam_openid_connect_provider')).toMatchObject({
    url: issuer,
    client_id_list: ['sts.amazonaws.com'],
  });
});

test('a role is worn by one service account of one cluster', () => {
  const { resource, issuer } = identity();
  const role = only(resource, 'aws_iam_role', 'autoscaler_');
  expect(role['name']).toMatch(/^drover--dev--shop--kube-system--cluster-autoscaler$/);
  const host = issuer.replace('https://', '');
  const trust: unknown = JSON.parse(String(role['assume_role_policy']));
  expect(trust).toMatchObject({
    Statement: [
      {
        Action: 'sts:AssumeRoleWithWebIdentity',
        Principal: { Federated: expect.stringContaining('aws_iam_openid_connect_provider.identity_') },
        Condition: {
          StringEquals: {
            [`${host}:sub`]: 'system:serviceaccount:kube-system:cluster-autoscaler',
            [`${host}:aud`]: 'sts.amazonaws.com',
          },
        },
      },
    ],
  });
});

test('a role that may do nothing is refused', () => {
  expect(() => identity([])).toThrow(
    "role 'drover--dev--shop--kube-system--cluster-autoscaler' has no statements: IAM refuses an empty policy; " +
      'leave the role out or say what it may do',
  );
});
