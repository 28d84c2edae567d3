import { ClusterV2, type ClusterV2RkeConfigEtcd } from '@cdktf/provider-rancher2/lib/cluster-v2';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { notADuration } from './errors';
import { upgradeStrategy } from './upgrade-strategy';

/** Rancher removes the machine of a custom cluster whose node has been gone for as long as this annotation says. */
const DELETE_MISSING = 'rke.cattle.io/delete-missing-custom-machines-after';

/** Where etcd snapshots go when they leave the node. Servers write there by their own identity. */
export interface SnapshotStore {
  readonly bucket: string;
  readonly region: string;
  /** Host name of the store, such as `s3.eu-west-1.amazonaws.com`. */
  readonly endpoint: string;
  /** Folder in the bucket. @default - the name of the cluster */
  readonly folder?: string;
}

/** Scheduled snapshots of etcd. */
export interface EtcdSnapshots {
  /** Five-field cron expression, in UTC. */
  readonly cron: string;
  /** Snapshots kept by each server. */
  readonly retention: number;
  /** @default - snapshots stay on the data disks of the servers */
  readonly s3?: SnapshotStore;
}

/** A cluster that machines join by themselves and that Rancher manages. */
export interface MemberClusterProps {
  /** Name in Rancher, at most 63 characters. */
  readonly name: string;
  /** RKE2 version with its revision, such as `v1.35.7+rke2r1`. */
  readonly kubernetesVersion: string;
  /** RKE2 configuration of every machine, by the keys of its `config.yaml`. */
  readonly machineGlobalConfig: Readonly<Record<string, unknown>>;
  /** Manifests in YAML that RKE2 applies by itself, before any node is ready. @default - none */
  readonly additionalManifest?: string;
  /** Labels of the cluster object in Rancher. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * How long the node of a machine may be gone before Rancher forgets the machine, as a Go duration such as `10m`.
   * Needs a cloud controller manager that deletes nodes. @default - machines are never forgotten
   */
  readonly deleteMissingMachinesAfter?: string;
  /** @default - RKE2's own schedule: twelve-hourly, five kept, on the node */
  readonly snapshots?: EtcdSnapshots;
}

/** A custom RKE2 cluster in Rancher, and what a machine needs to join it. */
export class MemberCluster extends Construct {
  /** Identifier of the provisioning object: `fleet-default/<name>`. */
  public readonly id: string;
  /** Identifier that Rancher's proxy and its management API use: `c-m-...`. */
  public readonly clusterV1Id: string;
  /** Token that machines register with. Sensitive: it lies in this stack's state and may only go to a secret store. */
  public readonly registrationToken: string;
  /**
   * SHA-256 of Rancher's CA certificate, or `none` when Rancher's certificate is publicly trusted and the node command
   * carries no checksum. Never empty, because a secret store keeps no empty value.
   */
  public readonly caChecksum: string;

  public constructor(scope: Construct, id: string, props: MemberClusterProps) {
    super(scope, id);
    const { deleteMissingMachinesAfter, snapshots } = props;
    if (deleteMissingMachinesAfter !== undefined && !/^(\d+(h|m|s))+$/.test(deleteMissingMachinesAfter)) {
      throw notADuration(props.name, deleteMissingMachinesAfter);
    }

    const cluster = new ClusterV2(this, 'cluster', {
      name: props.name,
      kubernetesVersion: props.kubernetesVersion,
      ...(props.labels ? { labels: { ...props.labels } } : {}),
      ...(deleteMissingMachinesAfter !== undefined
        ? { annotations: { [DELETE_MISSING]: deleteMissingMachinesAfter } }
        : {}),
      // No machine_selector_config: once there, the provider puts 'protect-kernel-defaults: false' into it, and a
      // hardened server refuses to start (rancher/terraform-provider-rancher2, schema_cluster_v2_rke_config_system_config.go).
      rkeConfig: {
        machineGlobalConfig: Fn.yamlencode(props.machineGlobalConfig),
        ...(props.additionalManifest !== undefined ? { additionalManifest: props.additionalManifest } : {}),
        ...(snapshots ? { etcd: etcdOf(props.name, snapshots) } : {}),
        upgradeStrategy,
      },
    });

    const registration = cluster.clusterRegistrationToken.get(0);
    this.id = cluster.id;
    this.clusterV1Id = cluster.clusterV1Id;
    this.registrationToken = registration.token;
    this.caChecksum = Fn.try([
      Fn.element(Fn.regex('--ca-checksum ([0-9a-f]{64})', registration.nodeCommand), 0),
      'none',
    ]);
  }
}

function etcdOf(cluster: string, { cron, retention, s3 }: EtcdSnapshots): ClusterV2RkeConfigEtcd {
  return {
    snapshotScheduleCron: cron,
    snapshotRetention: retention,
    ...(s3
      ? { s3Config: { bucket: s3.bucket, region: s3.region, endpoint: s3.endpoint, folder: s3.folder ?? cluster } }
      : {}),
  };
}
