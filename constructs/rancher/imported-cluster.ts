import { Cluster } from '@cdktf/provider-rancher2/lib/cluster';
import { Construct } from 'constructs';

/** Rancher writes there what the cluster is once it has looked, and the provider would take that away again. */
const FOUND_BY_RANCHER = 'labels["provider.cattle.io"]';

/** A cluster that others made and that Rancher manages. */
export interface ImportedClusterProps {
  /** Name in Rancher, at most 63 characters. */
  readonly name: string;
  /** Labels of the cluster object in Rancher. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A cluster in Rancher that waits for an agent, and what the agent registers with. */
export class ImportedCluster extends Construct {
  /** Identifier that Rancher's proxy and its management API use: `c-...`. */
  public readonly id: string;
  /** Token that the agent registers with. Sensitive: it lies in this stack's state and goes to the agent alone. */
  public readonly registrationToken: string;

  public constructor(scope: Construct, id: string, { name, labels }: ImportedClusterProps) {
    super(scope, id);
    const cluster = new Cluster(this, 'cluster', {
      name,
      ...(labels ? { labels: { ...labels } } : {}),
      // No driver either: Rancher replaces 'imported' by what it finds (rancher/terraform-provider-rancher2#1018, #840).
      lifecycle: { ignoreChanges: [FOUND_BY_RANCHER] },
    });
    this.id = cluster.id;
    this.registrationToken = cluster.clusterRegistrationToken.get(0).token;
  }
}
