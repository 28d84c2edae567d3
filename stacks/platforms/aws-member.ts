import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { autoscalerRole } from '../../constructs/aws/autoscaler-role';
import { awsClusterId, clusterTag } from '../../constructs/aws/cluster-tag';
import { memberConfig } from '../../constructs/aws/member-config';
import { MemberMachines, type MemberMachinesProps } from '../../constructs/aws/member-machines';
import { ServiceAccountRole } from '../../constructs/aws/service-account-role';
import { volumeRights } from '../../constructs/aws/volume-rights';
import type { RancherRegistration } from '../../constructs/bootstrap/rancher-registration';
import { AutoscalerService } from '../../constructs/kubernetes/autoscaler-service';
import type { HelmRelease } from '../../constructs/kubernetes/helm-release';
import { VOLUMES_ACCOUNT, VolumesService } from '../../constructs/kubernetes/volumes-service';
import { isMixed, standsOnMetal } from '../../model/guests';
import { identityOf } from '../../model/identity';
import type { ServiceCharts } from '../../model/release/service-charts';
import { kubernetesVersionOf } from '../../model/versions';
import type { IMember, IMemberServices } from './platform';

/** A member on AWS. */
export class AwsMember implements IMember {
  public readonly config: IMember['config'];
  public readonly issuer: string;
  public readonly ingressAddress: string | undefined;
  public readonly forgetsMachines: boolean;

  public constructor(private readonly props: Omit<MemberMachinesProps, 'registration'>) {
    this.config = memberConfig(props, props.foundation);
    this.issuer = props.foundation.podIdentity.issuer;
    this.ingressAddress = props.foundation.web?.address;
    this.forgetsMachines = !standsOnMetal(props.environment, props.spec);
  }

  public machines(scope: Construct, registration: RancherRegistration): readonly ITerraformDependable[] {
    return new MemberMachines(scope, 'machines', { ...this.props, registration }).ready;
  }

  public services(scope: Construct): IMemberServices {
    const { environment, clusterName, spec, network, foundation } = this.props;
    const { podIdentity } = foundation;
    const { arn } = autoscalerRole(scope, 'autoscaler', { environment, clusterName, podIdentity });
    const identity = identityOf(environment, clusterName);
    const clusterId = awsClusterId(environment, clusterName);
    const { siteName, region, zones } = network;
    const mixed = isMixed(spec);
    const [tag = ''] = Object.keys(clusterTag(environment, clusterName));
    return {
      volumes: (stack: Construct, charts: ServiceCharts): HelmRelease => {
        const role = new ServiceAccountRole(stack, 'volumes-role', {
          environment,
          clusterName,
          podIdentity,
          ...VOLUMES_ACCOUNT,
          statements: volumeRights(tag, network),
        });
        const chart = charts.get('aws-ebs-csi-driver');
        return new VolumesService(stack, 'volumes', {
          arn: role.arn,
          clusterId,
          kmsKeyArn: network.kmsKeyArn,
          chart,
          identity,
          ...(mixed ? { home: { siteName, zones: zones.map((zone) => `${region}${zone}`) } } : {}),
        }).driver;
      },
      autoscaler: (stack: Construct, charts: ServiceCharts): void => {
        new AutoscalerService(stack, 'autoscaler', {
          arn,
          clusterId,
          kubernetesVersion: kubernetesVersionOf(environment, clusterName),
          chart: charts.get('cluster-autoscaler'),
          identity,
          ...(mixed ? { siteName } : {}),
        });
      },
    };
  }
}
