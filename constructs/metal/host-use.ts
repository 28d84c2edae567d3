import { clusterNames, clusterOf, MANAGEMENT } from '../../model/lookup';
import { keepalivedOf } from '../../model/nginx';
import type { EnvironmentSpec } from '../../model/spec/environment';
import { glusterOf } from '../../model/storage';

/** Ports of the Kubernetes API and of RKE2's supervisor. */
const PLANE_PORTS = [6443, 9345];
const WEB_PORTS = [80, 443];
/** Port of glusterd; bricks take any that is free. */
const STORAGE_PORTS = [24007];

/** Ports that NGINX passes on before a cluster. */
export function passedPorts(clusterName: string): number[] {
  return clusterName === MANAGEMENT ? [...PLANE_PORTS, ...WEB_PORTS] : WEB_PORTS;
}

/** Ports that a host will listen on by its part in a cluster; none of a host that is in no cluster. */
export function portsOfHost(environment: EnvironmentSpec, siteName: string, host: string): number[] {
  return clusterNames(environment).flatMap((name) => {
    const cluster = clusterOf(environment, name);
    if (cluster.site !== siteName) return [];
    const isServer = 'hosts' in cluster.servers && cluster.servers.hosts.includes(host);
    const takesWeb =
      (isServer && name === MANAGEMENT) ||
      ('nodeGroups' in cluster &&
        Object.values(cluster.nodeGroups).some(
          (group) => 'hosts' in group && group.role === 'ingress' && group.hosts.includes(host),
        ));
    const passes = keepalivedOf(environment, name)?.hosts.includes(host) === true;
    const gluster = glusterOf(environment, name);
    const keepsFiles = gluster !== undefined && 'hosts' in gluster && gluster.hosts.includes(host);
    return [
      ...(isServer ? PLANE_PORTS : []),
      ...(takesWeb ? WEB_PORTS : []),
      ...(passes ? passedPorts(name) : []),
      ...(keepsFiles ? STORAGE_PORTS : []),
    ];
  });
}
