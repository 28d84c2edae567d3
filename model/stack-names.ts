/**
 * Names of the stacks: one lifecycle, one state each. They are also the keys of the states, so a change of a
 * name is a move of a state.
 */
export const stackName = {
  network: (env: string, site: string): string => `${env}-${site}-network`,
  machines: (env: string, site: string): string => `${env}-${site}-machines`,
  managementServers: (env: string): string => `${env}-management-servers`,
  managementRancher: (env: string): string => `${env}-management-rancher`,
  managementPolicy: (env: string): string => `${env}-management-policy`,
  cluster: (env: string, cluster: string): string => `${env}-${cluster}-cluster`,
  services: (env: string, cluster: string): string => `${env}-${cluster}-services`,
  apps: (env: string, cluster: string): string => `${env}-${cluster}-apps`,
} as const;

/** The part of an environment that its stack names are made of. */
export interface StackOwner {
  readonly name: string;
  readonly sites: Readonly<Record<string, { readonly machines: Readonly<Record<string, unknown>> }>>;
  readonly clusters: Readonly<Record<string, unknown>>;
}

/** Every stack name that an environment may have, in the order of a first deploy. */
export function stackNamesOf(env: StackOwner): string[] {
  return [
    ...Object.keys(env.sites).map((site) => stackName.network(env.name, site)),
    ...Object.entries(env.sites)
      .filter(([, { machines }]) => Object.keys(machines).length > 0)
      .map(([site]) => stackName.machines(env.name, site)),
    stackName.managementServers(env.name),
    stackName.managementRancher(env.name),
    stackName.managementPolicy(env.name),
    ...Object.keys(env.clusters).flatMap((cluster) => [
      stackName.cluster(env.name, cluster),
      stackName.services(env.name, cluster),
      stackName.apps(env.name, cluster),
    ]),
  ];
}
