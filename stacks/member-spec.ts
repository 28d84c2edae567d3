import type { Environment } from '../model/environment';
import { noSuchCluster } from '../model/errors';
import type { ClusterSpec } from '../model/spec/cluster';

/** The member of that name. Throws for a name that is no member of the environment. */
export function memberSpec(environment: Environment, name: string): ClusterSpec {
  const cluster = environment.clusters[name];
  if (cluster === undefined) throw noSuchCluster(name, Object.keys(environment.clusters));
  return cluster;
}
