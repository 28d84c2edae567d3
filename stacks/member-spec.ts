import type { Environment } from '../model/environment';
import { importedCluster } from '../model/errors';
import { isImported, memberOf } from '../model/lookup';
import type { ClusterSpec } from '../model/spec/cluster';

/** The member of that name, which Drover must raise. Throws for a name that is no such member of the environment. */
export function memberSpec(environment: Environment, name: string): ClusterSpec {
  const member = memberOf(environment, name);
  if (isImported(member)) throw importedCluster(name);
  return member;
}
