import { Testing, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { parseEnvironment, type Environment } from '../../../model/environment';
import type { Blocks } from '../../support/synth';

/** The parts of a synthesized stack that tests look at. */
export interface Synthesized {
  readonly data?: Blocks;
  readonly ephemeral?: Blocks;
  readonly locals?: Readonly<Record<string, unknown>>;
  readonly resource?: Blocks;
  readonly provider?: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
}

/** Synthesizes what `build` puts into a stack, and the text of it. */
export function synthesize(build: (scope: Construct) => void): Synthesized & { readonly text: string } {
  const stack = new TerraformStack(Testing.app(), 'test');
  build(stack);
  return parsed(Testing.synth(stack));
}

/** The text of a stack as data. */
export function parsed(text: string): Synthesized & { readonly text: string } {
  return { ...(JSON.parse(text) as Synthesized), text };
}

/** Sorted `type.name` of everything in a stack. */
export function addresses({ data = {}, ephemeral = {}, resource = {} }: Synthesized): string[] {
  const kinds = { data, ephemeral, resource };
  return Object.entries(kinds)
    .flatMap(([kind, blocks]) =>
      Object.entries(blocks).flatMap(([type, items]) =>
        Object.keys(items).map((name) => `${kind === 'resource' ? '' : `${kind}.`}${type}.${name}`),
      ),
    )
    .sort();
}

const MACHINE = { instanceType: 'm7i.large', image: 'ami-0123456789abcdef0' };

/** An environment with one member, `shop`; `changes` are laid over its parts. */
export function environmentWith(
  changes: { management?: object; shop?: object; clusters?: object; sites?: object } = {},
): Environment {
  const environment = {
    name: 'dev',
    domain: 'dev.example.com',
    dns: { zone: 'dev.example.com' },
    state: { kind: 's3', bucket: 'example-drover-dev', region: 'eu-west-1', kmsKeyId: 'alias/drover-dev' },
    sites: { eu: { platform: 'aws', region: 'eu-west-1', cidr: '10.20.0.0/16' }, ...changes.sites },
    management: {
      site: 'eu',
      hostname: 'rancher.dev.example.com',
      servers: { count: 3, machine: MACHINE },
      ...changes.management,
    },
    clusters: { shop: member(changes.shop), ...changes.clusters },
  };
  return parseEnvironment(JSON.stringify(environment), 'environments/dev.yaml');
}

/** A member cluster with workers and ingress nodes. */
export function member(changes: object = {}): object {
  return {
    site: 'eu',
    labels: { tier: 'shop' },
    servers: { count: 1, machine: MACHINE },
    nodeGroups: {
      workers: { maxSize: 3, machine: MACHINE },
      ingress: { maxSize: 2, role: 'ingress', machine: MACHINE },
    },
    ...changes,
  };
}
