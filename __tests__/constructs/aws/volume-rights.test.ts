import { PodIdentity } from '../../../constructs/aws/pod-identity';
import type { Statement } from '../../../constructs/aws/policy-document';
import { ServiceAccountRole } from '../../../constructs/aws/service-account-role';
import { volumeRights } from '../../../constructs/aws/volume-rights';
import { only } from '../../support/synth';
import { environmentWith, inStack, networkIn } from './network-fixture';

const TAG = 'kubernetes.io/cluster/dev-shop';

const { resource } = inStack((stack) => {
  const environment = environmentWith();
  const network = networkIn(stack, environment);
  const clusterName = 'shop';
  new ServiceAccountRole(stack, 'volumes-role', {
    environment,
    clusterName,
    podIdentity: new PodIdentity(stack, 'identity', { environment, network, clusterName }),
    namespace: 'kube-system',
    serviceAccount: 'ebs-csi-controller-sa',
    statements: volumeRights(TAG, network),
  });
});
const { policy } = only(resource, 'aws_iam_role_policy', 'volumes-role');
const { Statement: statements } = JSON.parse(String(policy)) as { Statement: Statement[] };
const key = expect.stringMatching(/^\$\{aws_kms_key\.network_key_\w+\.arn\}$/) as unknown;

test('the driver is given the key of the site and no other, for volumes alone', () => {
  expect(statements.filter(({ Action }) => JSON.stringify(Action).includes('kms:'))).toEqual([
    {
      Sid: 'EncryptVolumes',
      Effect: 'Allow',
      Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
      Resource: key,
      Condition: { StringEquals: { 'kms:ViaService': 'ec2.eu-west-1.amazonaws.com' } },
    },
    {
      Sid: 'LendKeyToVolumes',
      Effect: 'Allow',
      Action: 'kms:CreateGrant',
      Resource: key,
      Condition: {
        StringEquals: { 'kms:ViaService': 'ec2.eu-west-1.amazonaws.com' },
        Bool: { 'kms:GrantIsForAWSResource': 'true' },
      },
    },
  ]);
});

test('the key leaves it to the policies of the account who may do so', () => {
  const { policy: document } = only(resource, 'aws_kms_key', 'network_key');
  const { Statement: ofKey } = JSON.parse(String(document)) as { Statement: Statement[] };
  expect(ofKey).toContainEqual({
    Sid: 'Account',
    Effect: 'Allow',
    Principal: { AWS: expect.stringMatching(/:iam::.*:root$/) as unknown },
    Action: 'kms:*',
    Resource: '*',
  });
});

test('the driver changes no volumes but those with the tag of its cluster', () => {
  const changes = statements.filter(({ Action }) =>
    /AttachVolume|DeleteVolume|ModifyVolume/.test(JSON.stringify(Action)),
  );
  expect(changes.map(({ Condition }) => Condition)).toEqual([
    { StringEquals: { [`aws:ResourceTag/${TAG}`]: 'owned' } },
  ]);
});
