import { through } from './machine-statements';
import type { Network } from './network';
import type { Statement } from './policy-document';
import { KEY_USE } from './site-key';

/**
 * What the EBS driver may do: make volumes that carry the cluster's tag, and use these on machines that carry it too.
 * The volumes are encrypted with the key of the site.
 * @see https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/helm-chart-aws-ebs-csi-driver-2.64.0/docs/example-iam-policy.json
 * @see https://docs.aws.amazon.com/eks/latest/userguide/ebs-csi.html for the statements about a key of one's own
 * @param clusterTag key of the tag that volumes and machines of the cluster carry with the value 'owned'
 * @param network the site in which the volumes are made
 */
export function volumeRights(clusterTag: string, network: Network): Statement[] {
  return [
    {
      Sid: 'Look',
      Effect: 'Allow',
      Action: [
        'ec2:DescribeAvailabilityZones',
        'ec2:DescribeInstances',
        'ec2:DescribeTags',
        'ec2:DescribeVolumes',
        'ec2:DescribeVolumesModifications',
        'ec2:DescribeVolumeStatus',
      ],
      Resource: '*',
    },
    {
      Sid: 'MakeVolumes',
      Effect: 'Allow',
      Action: 'ec2:CreateVolume',
      Resource: '*',
      Condition: { StringEquals: { [`aws:RequestTag/${clusterTag}`]: 'owned' } },
    },
    {
      Sid: 'TagNewVolumes',
      Effect: 'Allow',
      Action: 'ec2:CreateTags',
      Resource: '*',
      Condition: { StringEquals: { 'ec2:CreateAction': 'CreateVolume' } },
    },
    {
      Sid: 'UseItsVolumes',
      Effect: 'Allow',
      Action: ['ec2:AttachVolume', 'ec2:DetachVolume', 'ec2:ModifyVolume', 'ec2:DeleteVolume'],
      Resource: '*',
      Condition: { StringEquals: { [`aws:ResourceTag/${clusterTag}`]: 'owned' } },
    },
    ...encryption(network),
  ];
}

/** EC2 uses the key in the driver's name when it makes a volume, and lends it to the machine that a volume hangs on. */
function encryption(network: Network): Statement[] {
  const byVolumes = through(network, 'ec2');
  return [
    {
      Sid: 'EncryptVolumes',
      Effect: 'Allow',
      Action: KEY_USE,
      Resource: network.kmsKeyArn,
      Condition: byVolumes,
    },
    {
      Sid: 'LendKeyToVolumes',
      Effect: 'Allow',
      Action: 'kms:CreateGrant',
      Resource: network.kmsKeyArn,
      Condition: { ...byVolumes, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    },
  ];
}
