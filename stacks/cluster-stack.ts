import { ClusterSync } from '@cdktf/provider-rancher2/lib/cluster-sync';
import { Rancher2Provider } from '@cdktf/provider-rancher2/lib/provider';
import type { Construct } from 'constructs';
import { autoscalerRole } from '../constructs/aws/autoscaler-role';
import { memberConfig } from '../constructs/aws/member-config';
import { MemberFoundation } from '../constructs/aws/member-foundation';
import { MemberMachines } from '../constructs/aws/member-machines';
import type { Network } from '../constructs/aws/network';
import { openSecret } from '../constructs/aws/open-secret';
import type { PodIdentity } from '../constructs/aws/pod-identity';
import { RancherRegistration } from '../constructs/aws/rancher-registration';
import { SecretStore } from '../constructs/aws/secret-store';
import type { RancherHandover } from '../constructs/platform/rancher-handover';
import { MemberCluster } from '../constructs/rancher/member-cluster';
import type { Environment } from '../model/environment';
import { identityOf, nodeLabelsOf } from '../model/identity';
import { stackName } from '../model/stack-names';
import { kubernetesVersionOf } from '../model/versions';
import { awsProvider } from './aws-provider';
import { EnvironmentStack } from './environment-stack';
import { memberSpec } from './member-spec';

/** Where the cluster stands, and the Rancher that manages it. */
export interface ClusterStackProps {
  readonly network: Network;
  readonly rancher: RancherHandover;
}

/** A member: its cluster in Rancher, its machines, and the wait until it is active. */
export class ClusterStack extends EnvironmentStack {
  /** Rancher's identifier of the cluster, for its proxy; known once the cluster is active. */
  public readonly rancherClusterId: string;
  public readonly podIdentity: PodIdentity;
  /** Name that leads to the cluster's ingress; none without an ingress group. */
  public readonly ingressAddress: string | undefined;
  /** Role that the cluster autoscaler wears. */
  public readonly autoscalerRoleArn: string;

  public constructor(scope: Construct, environment: Environment, clusterName: string, props: ClusterStackProps) {
    super(scope, stackName.cluster(environment.name, clusterName), environment);
    const spec = memberSpec(environment, clusterName);
    const { network, rancher } = props;
    const owner = { environment, network, clusterName };
    awsProvider(this, environment, spec.site, clusterName);
    new Rancher2Provider(this, 'rancher2', {
      apiUrl: rancher.url,
      tokenKey: openSecret(this, 'rancher-token', rancher.adminToken),
      ...(rancher.caCertificates ? { caCerts: openSecret(this, 'rancher-ca', rancher.caCertificates) } : {}),
    });

    const foundation = new MemberFoundation(this, 'foundation', { ...owner, spec });
    const member = new MemberCluster(this, 'member', {
      ...memberConfig(owner, foundation),
      name: clusterName,
      kubernetesVersion: kubernetesVersionOf(environment, clusterName),
      labels: { ...spec.labels, ...nodeLabelsOf(identityOf(environment, clusterName)) },
      deleteMissingMachinesAfter: `${spec.forgetMachinesAfterSec}s`,
    });
    const registration = new RancherRegistration(this, 'registration', {
      store: new SecretStore(this, 'secrets', { environment, clusterName, kmsKeyArn: network.kmsKeyArn }),
      url: rancher.url,
      token: member.registrationToken,
      caChecksum: member.caChecksum,
      version: spec.registrationVersion,
    });
    const machines = new MemberMachines(this, 'machines', { ...owner, spec, foundation, registration });
    const active = new ClusterSync(this, 'active', {
      clusterId: member.clusterV1Id,
      dependsOn: [...machines.ready],
    });

    this.rancherClusterId = active.clusterId;
    this.podIdentity = foundation.podIdentity;
    this.ingressAddress = foundation.web?.address;
    this.autoscalerRoleArn = autoscalerRole(this, 'autoscaler', { ...owner, podIdentity: this.podIdentity }).arn;
  }
}
