import type { Environment } from '../../model/environment';
import type { DockerSpec } from '../../model/spec/docker';
import { kubernetesVersionOf } from '../../model/versions';
import type { BootstrapEnv, SettingName } from './env';
import type { Extras } from './machine-steps';

/** The cluster that machines belong to. */
interface ClusterOwner {
  readonly environment: Environment;
  readonly clusterName: string;
}

/** Machines of one kind, and what they ask for beyond their part in the cluster. */
export interface Pool {
  readonly docker?: DockerSpec | undefined;
  readonly kubectl?: boolean | undefined;
}

/** Further steps of the machines of a pool. */
export function extrasOf({ zabbix }: Environment, { docker, kubectl }: Pool): Extras {
  return { docker: docker !== undefined, watched: zabbix !== undefined, kubectl: kubectl === true };
}

/** Settings of further steps. */
type DockerSettings = Pick<BootstrapEnv, Extract<SettingName, `DOCKER_${string}`>>;
type ExtraSettings = DockerSettings & Pick<BootstrapEnv, 'KUBECTL_VERSION'>;

/** What these steps are told; nothing without them. */
export function extrasEnvironment(
  { environment, clusterName }: ClusterOwner,
  { docker, kubectl }: Pool,
): ExtraSettings {
  return {
    ...(docker === undefined ? {} : dockerEnvironment(docker)),
    // As old as the cluster's own API, whose release is the part before RKE2's.
    ...(kubectl === true
      ? { KUBECTL_VERSION: kubernetesVersionOf(environment, clusterName).replace(/\+.*$/, '') }
      : {}),
  };
}

/** What the step is told that installs Docker. */
export function dockerEnvironment({ version, repository }: DockerSpec): DockerSettings {
  return {
    DOCKER_VERSION: version,
    ...(repository === undefined
      ? {}
      : {
          DOCKER_REPOSITORY: repository.source,
          DOCKER_KEY_URL: repository.keyUrl,
          DOCKER_KEY_SHA256: repository.keySha256,
        }),
  };
}
