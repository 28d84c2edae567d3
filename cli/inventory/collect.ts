import { z } from 'zod';
import { clusterOf, MANAGEMENT, storeOwnerOf } from '../../model/lookup';
import { stackName } from '../../model/stack-names';
import type { Environment } from '../../model/environment';
import type { SynthesizedStack } from '../../rehearsal/synthesized';

/** The resources of one construct. */
export interface ConstructInventory {
  /** Path in its stack, such as `management/servers/s1`. */
  readonly path: string;
  /** Addresses by type. */
  readonly types: Readonly<Record<string, readonly string[]>>;
}

export interface StackInventory {
  readonly name: string;
  readonly resources: number;
  readonly constructs: readonly ConstructInventory[];
}

export interface SiteInventory {
  readonly name: string;
  readonly stacks: readonly StackInventory[];
}

/** What the program makes of an environment. */
export interface Inventory {
  readonly environment: string;
  readonly sites: readonly SiteInventory[];
}

const metadata = z.looseObject({ '//': z.looseObject({ metadata: z.looseObject({ path: z.string() }) }) });

/** Parts of a construct's path that are told apart: `management/servers/s1`, not every part of a server. */
const DEPTH = 3;

/** Reads the inventory out of synthesized stacks. */
export function collectInventory(environment: Environment, stacks: readonly SynthesizedStack[]): Inventory {
  const sites = Object.keys(environment.sites).map((name) => ({
    name,
    stacks: stacks.filter((it) => siteOfStack(environment, it.name) === name).map(stackInventory),
  }));
  return { environment: environment.name, sites };
}

/** How many resources of each type there are, in the order of the types. */
export function countTypes(stacks: readonly SynthesizedStack[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { content } of stacks) {
    for (const [type, blocks] of Object.entries(content.resource ?? {})) {
      counts.set(type, (counts.get(type) ?? 0) + Object.keys(blocks).length);
    }
  }
  return new Map([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function siteOfStack(environment: Environment, stack: string): string | undefined {
  const { name: env, sites, management } = environment;
  const ofSite = Object.keys(sites).find((site) =>
    [stackName.network, stackName.machines].some((nameOf) => stack === nameOf(env, site)),
  );
  if (ofSite !== undefined) return ofSite;
  const ofCluster = Object.keys(environment.clusters).find((cluster) =>
    [stackName.cluster, stackName.services, stackName.apps].some((nameOf) => stack === nameOf(env, cluster)),
  );
  if (ofCluster !== undefined) return clusterOf(environment, storeOwnerOf(environment, ofCluster)).site;
  return stack.startsWith(`${env}-${MANAGEMENT}-`) ? management.site : undefined;
}

function stackInventory({ name, content }: SynthesizedStack): StackInventory {
  const constructs = new Map<string, Record<string, string[]>>();
  let resources = 0;
  for (const [type, blocks] of Object.entries(content.resource ?? {})) {
    for (const [id, block] of Object.entries(blocks)) {
      const types = constructs.get(constructOf(block)) ?? {};
      (types[type] ??= []).push(`${type}.${id}`);
      constructs.set(constructOf(block), types);
      resources++;
    }
  }
  const sorted = [...constructs].sort(([a], [b]) => (a < b ? -1 : 1));
  return { name, resources, constructs: sorted.map(([path, types]) => ({ path, types })) };
}

function constructOf(block: Readonly<Record<string, unknown>>): string {
  const [, ...steps] = metadata.parse(block)['//'].metadata.path.split('/');
  return steps.slice(0, -1).slice(0, DEPTH).join('/');
}
