import { LocalBackend, TerraformStack, Testing } from 'cdktf';

/** Blocks of a stack by type, then name. */
export type Blocks = Record<string, Record<string, Record<string, unknown>>>;

/** What Terraform would read. */
export interface Synthesized {
  readonly text: string;
  readonly resource: Blocks;
  readonly data: Blocks;
}

/** Synthesizes a stack with its validations. */
export function synthesized(stack: TerraformStack): Synthesized {
  const text = Testing.synth(stack, true);
  const { resource = {}, data = {} } = JSON.parse(text) as Partial<Synthesized>;
  return { text, resource, data };
}

/** A stack with nothing in it but what `configure` puts there: the provider of what is tested. */
export function stackWith(configure: (stack: TerraformStack) => void): TerraformStack {
  const stack = new TerraformStack(Testing.app(), 'test');
  new LocalBackend(stack, { path: 'test.tfstate' });
  configure(stack);
  return stack;
}

/** The only block of a type whose name begins so. Fails when there are none or several. */
export function only(blocks: Blocks | undefined, type: string, prefix = ''): Record<string, unknown> {
  const named = blocks?.[type] ?? {};
  const found = Object.entries(named).filter(([name]) => name.startsWith(prefix));
  const [block] = found;
  if (block === undefined || found.length > 1) {
    throw new Error(`${found.length} of '${type}' begin with '${prefix}': ${Object.keys(named).join(', ')}`);
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
