import type { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { autoscalerTag } from './autoscaler-tags';
import type { PodIdentity } from './pod-identity';
import { ServiceAccountRole } from './service-account-role';

/** The cluster that is scaled. */
export interface AutoscalerRoleProps {
  readonly environment: Environment;
  readonly clusterName: string;
  readonly podIdentity: PodIdentity;
}

/**
 * Role of the cluster autoscaler: it looks at all groups and changes those of its own cluster.
 * @see https://github.com/kubernetes/autoscaler/tree/cluster-autoscaler-1.35.2/cluster-autoscaler/cloudprovider/aws
 */
export function autoscalerRole(scope: Construct, id: string, props: AutoscalerRoleProps): ServiceAccountRole {
  return new ServiceAccountRole(scope, id, {
    ...props,
    namespace: 'kube-system',
    serviceAccount: 'cluster-autoscaler',
    statements: [
      {
        Sid: 'Look',
        Effect: 'Allow',
        Action: [
          'autoscaling:DescribeAutoScalingGroups',
          'autoscaling:DescribeAutoScalingInstances',
          'autoscaling:DescribeLaunchConfigurations',
          'autoscaling:DescribeScalingActivities',
          'autoscaling:DescribeTags',
          'ec2:DescribeImages',
          'ec2:DescribeInstanceTypes',
          'ec2:DescribeLaunchTemplateVersions',
          'ec2:GetInstanceTypesFromInstanceRequirements',
        ],
        Resource: '*',
      },
      {
        Sid: 'Scale',
        Effect: 'Allow',
        Action: ['autoscaling:SetDesiredCapacity', 'autoscaling:TerminateInstanceInAutoScalingGroup'],
        Resource: '*',
        Condition: { StringEquals: { [`autoscaling:ResourceTag/${autoscalerTag(props)}`]: 'owned' } },
      },
    ],
  });
}
