import { keptSnapshots } from '../bootstrap/snapshot-store';
import { cloudControllerManager } from './cloud-controller-manager';
import type { MachineOwner } from './machine-statements';
import type { MemberFoundation } from './member-foundation';
import { s3Endpoint } from './server-config';

/** What Rancher has to know of a member on AWS. */
export interface MemberConfig {
  /** RKE2 configuration of every machine, by the keys of its `config.yaml`. */
  readonly machineGlobalConfig: Readonly<Record<string, unknown>>;
  /** Manifests (YAML) that RKE2 applies by itself. @default - none: the cluster stands in several sites */
  readonly additionalManifest?: string;
  readonly snapshots: {
    readonly cron: string;
    readonly retention: number;
    readonly s3: { readonly bucket: string; readonly region: string; readonly endpoint: string };
  };
}

/**
 * RKE2 configuration, cloud controller manager and snapshots of a member. One in several sites has no such manager: it
 * would delete the nodes of machines that it does not know, so each machine says itself which one it is.
 */
export function memberConfig(owner: MachineOwner, foundation: MemberFoundation): MemberConfig {
  const { backup } = owner.environment.management;
  const { podIdentity, plane, snapshots } = foundation;
  const mixed = foundation.mixed;
  return {
    machineGlobalConfig: {
      cni: 'canal',
      // HAProxy comes as a service and takes the host ports.
      'ingress-controller': 'none',
      ...(mixed ? {} : { 'cloud-provider-name': 'external' }),
      'etcd-expose-metrics': true,
      // Rancher has no word for it.
      'etcd-s3-retention': keptSnapshots(owner),
      'tls-san': [plane.address],
      // The issuer can never change: tokens of running pods would lose their trust.
      'kube-apiserver-arg': [
        `service-account-issuer=${podIdentity.issuer}`,
        `service-account-jwks-uri=${podIdentity.issuer}/openid/v1/jwks`,
      ],
    },
    ...(mixed
      ? {}
      : {
          additionalManifest: cloudControllerManager({
            ...owner,
            controllers: ['cloud-node-controller', 'cloud-node-lifecycle-controller'],
          }),
        }),
    snapshots: {
      cron: backup.cron,
      retention: backup.retention,
      s3: { bucket: snapshots.bucket, region: snapshots.region, endpoint: s3Endpoint(snapshots.region) },
    },
  };
}
