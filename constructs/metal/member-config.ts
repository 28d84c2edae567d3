import type { MachineOwner } from './machine-owner';

/** What Rancher has to know of a member on metal. */
export interface MemberConfig {
  /** RKE2 configuration of every machine, by the keys of its `config.yaml`. */
  readonly machineGlobalConfig: Readonly<Record<string, unknown>>;
  /** On the data disks; a store of the site's own is told to the servers alone, because its keys may not pass through Rancher. */
  readonly snapshots: { readonly cron: string; readonly retention: number };
}

/** RKE2 configuration and snapshots of a member. No cloud controller manager: each kubelet says which host it is. */
export function memberConfig({ environment }: Pick<MachineOwner, 'environment'>): MemberConfig {
  const { backup } = environment.management;
  return {
    machineGlobalConfig: {
      cni: 'canal',
      // HAProxy comes as a service and takes the host ports.
      'ingress-controller': 'none',
      'etcd-expose-metrics': true,
    },
    snapshots: { cron: backup.cron, retention: backup.retention },
  };
}
