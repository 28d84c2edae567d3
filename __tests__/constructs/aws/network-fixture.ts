import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { LocalBackend, TerraformStack, Testing } from 'cdktf';
import { Network } from '../../../constructs/aws/network';
import type { Environment } from '../../../model/environment';
import { environmentSpec } from '../../../model/spec/environment';

const machine = { instanceType: 'm7i.large', image: 'ami-0123456789abcdef0' };

/** A small valid environment; the sections given replace its own. */
export function environmentWith(sections: Readonly<Record<string, unknown>> = {}): Environment {
  const spec = environmentSpec.parse({
    name: 'dev',
    domain: 'dev.example.com',
    dns: { zone: 'dev.example.com' },
    state: { kind: 's3', bucket: 'acme-drover', region: 'eu-west-1', kmsKeyId: 'alias/drover' },
    sites: { eu: { platform: 'aws', region: 'eu-west-1', cidr: '10.20.0.0/16' } },
    management: { site: 'eu', hostname: 'rancher.dev.example.com', servers: { machine } },
    clusters: {
      shop: { site: 'eu', servers: { machine }, nodeGroups: { workers: { maxSize: 3, machine } } },
    },
    ...sections,
  });
  return { ...spec, file: 'environments/dev.yaml' };
}

type Blocks = Record<string, Record<string, Record<string, unknown>>>;

/** What Terraform would read. */
export interface Synthesized {
  readonly text: string;
  /** Blocks by type, then name. */
  readonly resource: Blocks;
  readonly data: Blocks;
}

/** Synthesizes a stack with its validations. */
export function synthesized(stack: TerraformStack): Synthesized {
  const text = Testing.synth(stack, true);
  const { resource = {}, data = {} } = JSON.parse(text) as Partial<Synthesized>;
  return { text, resource, data };
}

/** Synthesizes what `build` puts into an empty stack. */
export function inStack(build: (stack: TerraformStack) => void): Synthesized {
  const stack = new TerraformStack(Testing.app(), 'test');
  new LocalBackend(stack, { path: 'test.tfstate' });
  new AwsProvider(stack, 'aws', { region: 'eu-west-1' });
  build(stack);
  return synthesized(stack);
}

/** The environment's network `eu`, in the same stack as what stands in it. */
export function networkIn(stack: TerraformStack, environment: Environment): Network {
  return new Network(stack, 'network', { environment, siteName: 'eu' });
}

/** The only block of a type whose name begins so. Fails when there are none or several. */
export function only(blocks: Blocks, type: string, prefix = ''): Record<string, unknown> {
  const found = Object.entries(blocks[type] ?? {}).filter(([name]) => name.startsWith(prefix));
  const [block] = found;
  if (block === undefined || found.length > 1) {
    throw new Error(
      `${found.length} of '${type}' begin with '${prefix}': ${Object.keys(blocks[type] ?? {}).join(', ')}`,
    );
  }
  return block[1];
}

/** All blocks of a type whose names begin so. */
export function all(blocks: Blocks, type: string, prefix = ''): Record<string, unknown>[] {
  return Object.entries(blocks[type] ?? {})
    .filter(([name]) => name.startsWith(prefix))
    .map(([, block]) => block);
}

/** How many there are of each type, as `type x n` lines. */
export function inventory({ resource, data }: Synthesized): string[] {
  const counted = (kind: string, blocks: Blocks): string[] =>
    Object.entries(blocks).map(([type, named]) => `${kind}${type} x ${Object.keys(named).length}`);
  return [...counted('', resource), ...counted('data.', data)].sort();
}
