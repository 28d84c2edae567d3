import { cloudConfig } from './cloud-config';
import { cloudControllerManager } from './cloud-controller-manager';
import type { MemberFoundation } from './member-foundation';

/** What Rancher has to know of a member on Azure. */
export interface MemberConfig {
  /** RKE2 configuration of every machine, by the keys of its `config.yaml`. */
  readonly machineGlobalConfig: Readonly<Record<string, unknown>>;
  /** Manifests (YAML) that RKE2 applies by itself. */
  readonly additionalManifest: string;
  /** On the data disks: how they leave them is told to the servers alone, because keys may not pass through Rancher. */
  readonly snapshots: { readonly cron: string; readonly retention: number };
}

/**
 * RKE2 configuration, cloud controller manager and snapshots of a member. One in several sites has no such manager: it
 * would delete the nodes of machines that it does not know, so each machine says itself which one it is.
 */
export function memberConfig({ owner, podIdentity, plane, role, security, mixed }: MemberFoundation): MemberConfig {
  const { environment, network, clusterName, group } = owner;
  const { backup } = environment.management;
  return {
    machineGlobalConfig: {
      cni: 'canal',
      // HAProxy comes as a service and takes the host ports.
      'ingress-controller': 'none',
      ...(mixed ? {} : { 'cloud-provider-name': 'external' }),
      'etcd-expose-metrics': true,
      'tls-san': [plane.address, plane.registrationAddress],
      // The issuer can never change: tokens of running pods would lose their trust.
      'kube-apiserver-arg': [
        `service-account-issuer=${podIdentity.issuer}`,
        `service-account-jwks-uri=${podIdentity.issuer}/openid/v1/jwks`,
      ],
    },
    additionalManifest: cloudControllerManager({
      environment,
      clusterName,
      withManager: !mixed,
      cloudConfig: cloudConfig({
        network,
        group: group.place,
        clientId: role.clientId,
        securityGroupName: security.securityGroupName,
      }),
    }),
    snapshots: { cron: backup.cron, retention: backup.retention },
  };
}
