import { clusterNames, clusterOf, domainOf, domainOfCluster, MANAGEMENT } from '../../model/lookup';
import { keepalivedOf } from '../../model/nginx';
import type { EnvironmentSpec } from '../../model/spec/environment';

/** Name of the Kubernetes API of a cluster. */
export function apiName(environment: EnvironmentSpec, clusterName: string): string {
  return `api.${clusterName}.${domainOfCluster(environment, clusterName)}`;
}

/** Every name of the clusters of a site, with the address that it must lead to. */
export function namesOfSite(environment: EnvironmentSpec, siteName: string): Record<string, string> {
  const { management } = environment;
  const domain = domainOf(environment, siteName);
  return Object.fromEntries(
    clusterNames(environment)
      .filter((name) => clusterOf(environment, name).site === siteName)
      .flatMap((name): [string, string][] => {
        const address = keepalivedOf(environment, name)?.virtualAddress;
        if (address === undefined) return [];
        const names =
          name === MANAGEMENT
            ? [management.hostname, apiName(environment, name)]
            : [`${name}.${domain}`, `*.${name}.${domain}`];
        return names.map((it) => [it, address]);
      }),
  );
}
