import { major } from 'semver';
import { clusterNames, MANAGEMENT } from '../lookup';
import { notAllowed } from '../problem';
import type { Path } from '../problem';
import { kubernetesVersionOf, lattice, lineOf, pins, rancherVersionOf, supportsKubernetes } from '../versions';
import type { Rule } from './rule';

const RANCHER_VERSION: Path = ['management', 'rancherVersion'];

export const rancherVersionKnown: Rule = {
  id: 'rancher-version-known',
  check: (env) => {
    const version = rancherVersionOf(env);
    const lines = lattice.map((line) => line.rancher).join(', ');
    return lineOf(version) === undefined
      ? [notAllowed(RANCHER_VERSION, version, `must be of a line among ${lines}`)]
      : [];
  },
};

export const rancherVersionFitsProvider: Rule = {
  id: 'rancher-version-fits-provider',
  check: (env) => {
    const version = rancherVersionOf(env);
    const line = lineOf(version);
    const provider = pins.providers.rancher2;
    const bound = lattice.find((other) => other.provider === major(provider));
    return line === undefined || line === bound
      ? []
      : [
          notAllowed(
            RANCHER_VERSION,
            version,
            `must be ${bound?.rancher ?? pins.rancher}.x, the line of the bound rancher2 provider ${provider}`,
          ),
        ];
  },
};

export const kubernetesFitsRancher: Rule = {
  id: 'kubernetes-fits-rancher',
  check: (env) => {
    const line = lineOf(rancherVersionOf(env));
    if (line === undefined) return [];
    return clusterNames(env)
      .map((cluster) => ({ cluster, version: kubernetesVersionOf(env, cluster) }))
      .filter(({ version }) => !supportsKubernetes(line, version))
      .map(({ cluster, version }) =>
        notAllowed(
          [...(cluster === MANAGEMENT ? [MANAGEMENT] : ['clusters', cluster]), 'kubernetesVersion'],
          version,
          `must be ${line.kubernetes}, which Rancher ${line.rancher} supports`,
        ),
      );
  },
};
