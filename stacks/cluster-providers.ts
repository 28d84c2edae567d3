import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import type { Construct } from 'constructs';

/** How the deployer reaches the API of a cluster; every part may be an ephemeral value. */
export interface ClusterAccess {
  /** Address of the API server, or of Rancher's proxy to it. */
  readonly host: string;
  readonly token: string;
  /** Certificates (PEM) of the CA that signed the server's. @default - it is publicly trusted */
  readonly caCertificates?: string;
}

/** Rancher's own labels and annotations: it puts a namespace into a project by them, and a deploy must not undo that. */
const RANCHERS = ['.*cattle\\.io/.*'];

/** The two providers that speak with a cluster, with the same credentials. */
export function clusterProviders(scope: Construct, clusterAccess: ClusterAccess): void {
  const access = accessOf(clusterAccess);
  new KubernetesProvider(scope, 'kubernetes', { ...access, ignoreAnnotations: RANCHERS, ignoreLabels: RANCHERS });
  new HelmProvider(scope, 'helm', { kubernetes: access });
}

/** Only the provider that releases charts, for a cluster in which nothing else is made. */
export function helmProvider(scope: Construct, access: ClusterAccess): void {
  new HelmProvider(scope, 'helm', { kubernetes: accessOf(access) });
}

/** Access as both providers take it. */
function accessOf({ host, token, caCertificates }: ClusterAccess): {
  host: string;
  token: string;
  clusterCaCertificate?: string;
} {
  return { host, token, ...(caCertificates === undefined ? {} : { clusterCaCertificate: caCertificates }) };
}
