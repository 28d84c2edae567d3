import { satisfies } from 'semver';
import { clusterOf, MANAGEMENT } from './lookup';
import type { EnvironmentSpec } from './spec/environment';

/**
 * The versions that Drover is tested with, as one coherent set. A provider's version is the one its bindings
 * were generated from: raise both together.
 */
export const pins = {
  /** Chart and application. @see https://github.com/rancher/rancher/releases/tag/v2.14.4 */
  rancher: '2.14.4',
  /** Channel `stable` of August 2026. @see https://github.com/rancher/rke2/blob/master/channels.yaml */
  rke2: 'v1.35.7+rke2r1',
  /** Rancher 2.14 asks for at least 1.15. @see https://github.com/cert-manager/cert-manager/releases/tag/v1.21.1 */
  certManager: 'v1.21.1',
  /** Write-only arguments since 1.11. @see https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only */
  terraform: '>= 1.11.0',
  providers: {
    /** Bound by @cdktf/provider-aws 21.22.1. */
    aws: '6.25.0',
    /** Bound by @cdktf/provider-azurerm 14.23.1. */
    azurerm: '4.55.0',
    /** Bound by @cdktf/provider-helm 12.1.2. */
    helm: '3.1.1',
    /** Bound by @cdktf/provider-kubernetes 12.1.1. */
    kubernetes: '2.38.0',
    /** Bound by @cdktf/provider-random 12.0.1. */
    random: '3.7.2',
    /** The major follows Rancher's minor. @see https://github.com/rancher/terraform-provider-rancher2#versions */
    rancher2: '14.1.1',
    /** Bound by @cdktf/provider-vault 15.6.1. */
    vault: '5.6.0',
  },
} as const;

/** What goes with one minor line of Rancher. */
export interface RancherLine {
  /** Minor line, such as '2.14'. */
  readonly rancher: string;
  /** Kubernetes versions that Rancher runs on and manages, as a semver range. */
  readonly kubernetes: string;
  /** Major of the rancher2 provider. */
  readonly provider: number;
}

/**
 * Which Kubernetes and which provider go with which Rancher, oldest line first. Ranges: annotation `kube-version` of
 * the rancher-backup chart of the same line and `kubeVersion` of the Rancher chart.
 * @see https://github.com/rancher/backup-restore-operator/tree/v10.0.8/charts/rancher-backup
 */
export const lattice: readonly RancherLine[] = [
  { rancher: '2.12', kubernetes: '>=1.31 <1.34', provider: 8 },
  { rancher: '2.13', kubernetes: '>=1.32 <1.35', provider: 13 },
  { rancher: '2.14', kubernetes: '>=1.33 <1.36', provider: 14 },
  { rancher: '2.15', kubernetes: '>=1.34 <1.37', provider: 15 },
];

/** The line of a Rancher version such as '2.14.4', if it is known. */
export function lineOf(rancherVersion: string): RancherLine | undefined {
  return lattice.find((line) => rancherVersion.startsWith(`${line.rancher}.`));
}

/** Whether a line of Rancher manages an RKE2 version such as 'v1.35.7+rke2r1'. */
export function supportsKubernetes(line: RancherLine, rke2Version: string): boolean {
  return satisfies(rke2Version, line.kubernetes);
}

/** RKE2 version of a member or, without a name, of the management cluster. */
export function kubernetesVersionOf(env: EnvironmentSpec, cluster: string = MANAGEMENT): string {
  return clusterOf(env, cluster).kubernetesVersion ?? pins.rke2;
}

/** Rancher version without 'v'. */
export function rancherVersionOf(env: EnvironmentSpec): string {
  return env.management.rancherVersion ?? pins.rancher;
}
