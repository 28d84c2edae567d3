import { physicalName } from './naming';
import type { EnvironmentSpec } from './spec/environment';

/**
 * Fixed name of a server, of its machine and of its Kubernetes node alike. Part of the server's identity: a node that
 * returns under another name is another etcd member.
 * @param cluster a member, or 'management'
 * @param server 's1' to 's7'
 */
export function nodeName(env: Pick<EnvironmentSpec, 'name'>, cluster: string, server: string): string {
  return physicalName('kubernetesName', [env.name, cluster, server]);
}

/**
 * Fixed name of a machine of a site that is no node. It has a part more than the name of a node, so that the two never
 * meet: parts with hyphens of their own are joined otherwise.
 * @param machine its key in the site
 */
export function machineName(env: Pick<EnvironmentSpec, 'name'>, site: string, machine: string): string {
  return physicalName('kubernetesName', [env.name, site, 'machine', machine]);
}
