import type { Environment } from '../environment';
import type { AppSpec } from './app-spec';

/** A cluster that an application may go to. */
export interface Place {
  readonly environment: Environment;
  readonly cluster: string;
}

/** Every member cluster of some environments; the management cluster runs no applications. */
export function placesOf(environments: readonly Environment[]): Place[] {
  return environments.flatMap((environment) =>
    Object.keys(environment.clusters).map((cluster) => ({ environment, cluster })),
  );
}

/** Whether an application goes to a cluster. */
export function isPlaced({ placement }: AppSpec, { environment, cluster }: Place): boolean {
  const { environments, clusters, labels = {} } = placement;
  const own = environment.clusters[cluster]?.labels ?? {};
  return (
    (environments === undefined || environments.includes(environment.name)) &&
    (clusters === undefined || clusters.includes(cluster)) &&
    Object.entries(labels).every(([key, value]) => own[key] === value)
  );
}
