import { formatCidr, isAligned, parseCidr } from '../cidr';
import { importedMembers } from '../lookup';
import { notAllowed } from '../problem';
import type { Problem } from '../problem';
import { SecretRef } from '../secret-ref';
import type { SecretPlace } from '../secret-ref';
import type { EnvironmentSpec } from '../spec/environment';
import type { ImportedSpec } from '../spec/imported';
import type { PlatformName } from '../spec/site';
import { WORLD } from './doors';
import type { Placed, Rule } from './rule';

/** Where deploys of an environment read secrets that a person put there, by the platform of the management site. */
const PLACES: Readonly<Record<PlatformName, { readonly kind: SecretPlace['kind']; readonly place: string }>> = {
  aws: { kind: 'ssm', place: 'an SSM parameter (ssm:/path)' },
  azure: { kind: 'keyvault', place: "a secret of the management site's Key Vault (keyvault:name)" },
  metal: { kind: 'vault', place: "a key of a secret in the environment's Vault (vault:mount/path#key)" },
};

export const importedSecretsOfPlatform: Rule = {
  id: 'imported-secrets-of-platform',
  check: (env) => {
    const platform = env.sites[env.management.site]?.platform;
    if (platform === undefined) return [];
    const { kind, place } = PLACES[platform];
    return importedOf(env).flatMap(({ path, value: { api } }) =>
      Object.entries({ token: api.token, ca: api.ca }).flatMap(([key, secret]) =>
        secret instanceof SecretRef && secret.kind !== kind
          ? [
              notAllowed(
                [...path, 'api', key],
                secret,
                `must be ${place}: it is read from the store of the environment`,
              ),
            ]
          : [],
      ),
    );
  },
};

export const importedEndpointsDistinct: Rule = {
  id: 'imported-endpoints-distinct',
  check: (env) => {
    const owners = new Map<string, string>();
    return importedOf(env).flatMap(({ path, value: { api }, name }): Problem[] => {
      const owner = owners.get(api.endpoint);
      owners.set(api.endpoint, owner ?? name);
      return owner === undefined
        ? []
        : [
            notAllowed(
              [...path, 'api', 'endpoint'],
              api.endpoint,
              `must differ from that of cluster "${owner}": a cluster has one agent and is one member`,
            ),
          ];
    });
  },
};

export const importedCidrsAligned: Rule = {
  id: 'imported-cidrs-aligned',
  check: (env) =>
    networksOf(env)
      .filter(({ value }) => !isAligned(value))
      .map(({ path, value }) =>
        notAllowed(path, value, `must begin with its network address: ${formatCidr(parseCidr(value))}`),
      ),
};

export const importedEgressOfYours: Rule = {
  id: 'imported-egress-of-yours',
  check: (env) =>
    importedOf(env)
      .flatMap(({ path, value }) => listedAt([...path, 'egressCidrs'], value.egressCidrs))
      .filter(({ value }) => parseCidr(value).prefix === 0)
      .map(({ path, value }) =>
        notAllowed(path, value, 'must be networks of that cluster: whoever is named here is let into Rancher'),
      ),
};

export const importedWebLetsSomebodyIn: Rule = {
  id: 'imported-web-lets-somebody-in',
  check: (env) =>
    importedOf(env)
      .filter(({ value: { web, services } }) => services.ingress.enabled && web.entry === 'loadBalancer')
      .filter(({ value: { web } }) => web.allowedCidrs.length === 0)
      .map(({ path }) => ({
        path: [...path, 'web', 'allowedCidrs'],
        text: `must name the networks that may use the load balancer, ${WORLD} for everybody, or set services.ingress.enabled to false: without them its cloud lets everybody in`,
      })),
};

export const importedWebTakesEffect: Rule = {
  id: 'imported-web-takes-effect',
  check: (env) =>
    importedOf(env).flatMap(({ path, value: { web, services } }) => {
      const why = services.ingress.enabled
        ? web.entry === 'nodes' && 'the entry "nodes" has no load balancer'
        : 'the cluster has no ingress of Drover';
      if (why === false) return [];
      const chosen = [
        { key: 'allowedCidrs', value: web.allowedCidrs, isChosen: web.allowedCidrs.length > 0 },
        { key: 'annotations', value: web.annotations, isChosen: Object.keys(web.annotations).length > 0 },
      ];
      return chosen
        .filter(({ isChosen }) => isChosen)
        .map(({ key, value }) => notAllowed([...path, 'web', key], value, `must be left out: ${why}`));
    }),
};

interface PlacedImport extends Placed<ImportedSpec> {
  readonly name: string;
}

function importedOf(env: EnvironmentSpec): PlacedImport[] {
  return Object.entries(importedMembers(env)).map(([name, value]) => ({ path: ['clusters', name], value, name }));
}

function networksOf(env: EnvironmentSpec): Placed<string>[] {
  return importedOf(env).flatMap(({ path, value: { egressCidrs, web } }) => [
    ...listedAt([...path, 'egressCidrs'], egressCidrs),
    ...listedAt([...path, 'web', 'allowedCidrs'], web.allowedCidrs),
  ]);
}

function listedAt(path: Placed<string>['path'], values: readonly string[]): Placed<string>[] {
  return values.map((value, index) => ({ path: [...path, index], value }));
}
