import { ClusterSync } from '@cdktf/provider-rancher2/lib/cluster-sync';
import { Annotations } from 'cdktf';
import type { Construct } from 'constructs';
import { RancherRegistration } from '../constructs/bootstrap/rancher-registration';
import type { RancherHandover } from '../constructs/platform/rancher-handover';
import { MemberCluster } from '../constructs/rancher/member-cluster';
import type { Environment } from '../model/environment';
import { identityOf, nodeLabelsOf } from '../model/identity';
import { stackName } from '../model/stack-names';
import { kubernetesVersionOf } from '../model/versions';
import { clusterPlatform, managementPlatform } from './environment-provider';
import { EnvironmentStack } from './environment-stack';
import { glusterPace } from './errors';
import { Guests } from './guests';
import { memberSpec } from './member-spec';
import type { IMemberServices, ISite } from './platforms/platform';
import { rancherProvider } from './rancher-provider';

/** Where the cluster stands, and the Rancher that manages it. */
export interface ClusterStackProps {
  readonly site: ISite;
  /** Sites that are linked with it, which the cluster may have node groups in. @default - none */
  readonly linked?: readonly ISite[];
  readonly rancher: RancherHandover;
}

/** A member: its cluster in Rancher, its machines, and the wait until it is active. */
export class ClusterStack extends EnvironmentStack {
  /** Rancher's identifier of the cluster, for its proxy; known once the cluster is active. */
  public readonly rancherClusterId: string;
  /** `service-account-issuer` of the cluster; none where nobody can publish it. */
  public readonly issuer: string | undefined;
  /** Name that leads to the cluster's ingress; none without an ingress group. */
  public readonly ingressAddress: string | undefined;
  /** What its services need of its platform. */
  public readonly services: IMemberServices;

  public constructor(scope: Construct, environment: Environment, clusterName: string, props: ClusterStackProps) {
    super(scope, stackName.cluster(environment.name, clusterName), environment);
    const spec = memberSpec(environment, clusterName);
    if (spec.storage !== undefined) Annotations.of(this).addWarning(glusterPace(clusterName));
    const { site, linked = [], rancher } = props;
    const owner = { environment, clusterName };
    clusterPlatform(this, environment, clusterName);
    rancherProvider(this, managementPlatform(this, environment, clusterName), rancher);

    const onPlatform = site.member(this, owner);
    const member = new MemberCluster(this, 'member', {
      ...onPlatform.config,
      name: clusterName,
      kubernetesVersion: kubernetesVersionOf(environment, clusterName),
      labels: { ...spec.labels, ...nodeLabelsOf(identityOf(environment, clusterName)) },
      ...(onPlatform.forgetsMachines ? { deleteMissingMachinesAfter: `${spec.forgetMachinesAfterSec}s` } : {}),
    });
    const wayIn = {
      url: rancher.url,
      token: member.registrationToken,
      caChecksum: member.caChecksum,
      version: spec.registrationVersion,
    };
    const registration = new RancherRegistration(this, 'registration', {
      ...wayIn,
      store: site.secretStore(this, 'secrets', owner),
    });
    const machines = onPlatform.machines(this, registration);
    const guests = new Guests(this, 'guests', { ...owner, sites: linked, wayIn });
    const active = new ClusterSync(this, 'active', {
      clusterId: member.clusterV1Id,
      dependsOn: [...machines, ...guests.ready],
    });

    this.rancherClusterId = active.clusterId;
    this.issuer = onPlatform.issuer;
    this.ingressAddress = onPlatform.ingressAddress;
    this.services = onPlatform.services(this);
  }
}
