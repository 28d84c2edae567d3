import type { Statement } from './policy-document';

/**
 * What the EBS driver may do: make volumes that carry the cluster's tag, and use these on machines that carry it too.
 * @see https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/helm-chart-aws-ebs-csi-driver-2.64.0/docs/example-iam-policy.json
 * @param clusterTag key of the tag that volumes and machines of the cluster carry with the value 'owned'
 */
export function volumeRights(clusterTag: string): Statement[] {
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
  ];
}
