import type { ITerraformDependable, TerraformProvider } from 'cdktf';
import type { Construct } from 'constructs';
import type { RancherRegistration } from '../../constructs/bootstrap/rancher-registration';
import type { HelmRelease } from '../../constructs/kubernetes/helm-release';
import type { IMachines } from '../../constructs/platform/machines';
import type { INetwork } from '../../constructs/platform/network';
import type { ISecret, ISecretStore } from '../../constructs/platform/secret-store';
import type { MemberClusterProps } from '../../constructs/rancher/member-cluster';
import type { Environment } from '../../model/environment';
import type { ServiceCharts } from '../../model/release/service-charts';
import type { SecretPlace } from '../../model/secret-ref';

/** A site of an environment. */
export interface SiteOwner {
  readonly environment: Environment;
  readonly siteName: string;
}

/** A cluster of an environment. */
export interface ClusterOwner {
  readonly environment: Environment;
  readonly clusterName: string;
}

/** What the stacks ask of a platform. One object a platform answers it; nothing else in the stacks knows them apart. */
export interface IPlatform {
  /**
   * Configures the platform in a stack; `tags` go to everything that is made there below `scope`.
   * @param alias name of this configuration beside others. @default - the one that is meant where none is named
   */
  provider(
    scope: Construct,
    site: SiteOwner,
    tags: Readonly<Record<string, string>>,
    alias?: string,
  ): TerraformProvider;
  /** Makes the network of a site. */
  network(scope: Construct, id: string, site: SiteOwner): ISite;
  /** Opens a secret in this stack: an expression for write-only arguments, providers and other ephemeral values. */
  openSecret(scope: Construct, id: string, secret: ISecret): string;
  /** How secrets are found that a person put into the platform's store; none of a place that the store is not. */
  placedSecrets(scope: Construct, cluster: ClusterOwner): (place: SecretPlace) => ISecret | undefined;
  /** How such a place is written, for messages. */
  readonly secretPlace: string;
}

/** The network of a site, and what can be built in it. */
export interface ISite extends INetwork {
  /** Where a cluster of the site keeps its secrets. */
  secretStore(scope: Construct, id: string, cluster: ClusterOwner): ISecretStore;
  /** The machines of the site that are no nodes of any cluster. */
  machines(scope: Construct, environment: Environment): IMachines;
  /** The servers of the management cluster, up to an API that answers. */
  managementServers(scope: Construct, props: ManagementProps): ManagementHandover;
  /** What a member stands on, before Rancher knows it. */
  member(scope: Construct, cluster: ClusterOwner): IMember;
  /**
   * What a member of another site has here: the node groups that are guests of this site.
   * @returns what a consumer depends on to come after their machines
   */
  guests(scope: Construct, props: GuestsOwner): readonly ITerraformDependable[];
}

/** A member, and its way in for machines of a site that is not its home. */
export interface GuestsOwner extends ClusterOwner {
  /** In the store of this site; none where no group of the member is a guest of it. */
  readonly registration: RancherRegistration | undefined;
}

/** Who may reach the management cluster. */
export interface ManagementProps {
  readonly environment: Environment;
  /** Networks that may use 80 and 443. */
  readonly webCidrs: readonly string[];
  /** Networks that may use the Kubernetes API; never the world. */
  readonly planeCidrs: readonly string[];
}

/** The management cluster, as later stacks know it. */
export interface ManagementHandover {
  /** Name under which servers join. */
  readonly registrationAddress: string;
  /** Name under which the API answers inside the site. */
  readonly apiAddress: string;
  /** Deploy credential as JSON: host, token, ca. */
  readonly deployer: ISecret;
}

/** A member on its platform. */
export interface IMember {
  /** What Rancher has to know of it. */
  readonly config: Pick<MemberClusterProps, 'machineGlobalConfig' | 'additionalManifest' | 'snapshots'>;
  /** `service-account-issuer` of the cluster; none where nobody can publish it. */
  readonly issuer: string | undefined;
  /** Name that leads to the cluster's ingress; none without an ingress group. */
  readonly ingressAddress: string | undefined;
  /** Whether Rancher forgets machines whose nodes are gone, because others come in their place. */
  readonly forgetsMachines: boolean;
  /** Servers and node groups; what a consumer depends on to come after them. */
  machines(scope: Construct, registration: RancherRegistration): readonly ITerraformDependable[];
  /** What its services need beside the machines; called in the cluster's own stack. */
  services(scope: Construct): IMemberServices;
}

/** The services of a member that differ by platform; called in the stack of its services. */
export interface IMemberServices {
  /** Block storage; before it no claim of a volume is met. @default - the site has none */
  volumes?(scope: Construct, charts: ServiceCharts): HelmRelease;
  /** The autoscaler of its node groups. @default - nothing scales */
  autoscaler?(scope: Construct, charts: ServiceCharts): void;
}
