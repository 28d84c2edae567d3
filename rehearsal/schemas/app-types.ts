import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { providerNotRequired, requirementsDiffer, stacksMissing } from './errors';

/** What the synthesized stacks use of one provider. */
export interface ProviderUse {
  /** Source address as required, such as `aws` or `rancher/rancher2`. */
  readonly source: string;
  /** Version as required. */
  readonly version: string;
  readonly resources: Set<string>;
  readonly dataSources: Set<string>;
  readonly ephemeralResources: Set<string>;
}

const objects = z.record(z.string(), z.unknown()).default({});
const stackFile = z.object({
  terraform: z.object({
    required_providers: z.record(z.string(), z.object({ source: z.string(), version: z.string() })).default({}),
  }),
  resource: objects,
  data: objects,
  ephemeral: objects,
});

/** Types of the provider that Terraform carries within itself: `terraform_data`, `terraform_remote_state`. */
const BUILT_IN = /^terraform_/;

/**
 * Providers and types that occur in synthesized stacks, by the provider's local name.
 * @param stacksDir folder of stacks, such as `cdktf.out/stacks`
 * @param kept types that no stack has any more, but Terraform still has to take away
 */
export function readAppTypes(stacksDir: string, kept: Iterable<string> = []): Map<string, ProviderUse> {
  const uses = new Map<string, ProviderUse>();
  const files = stackFiles(stacksDir);
  if (files.length === 0) throw stacksMissing(stacksDir);
  for (const file of files) {
    const stack = stackFile.parse(JSON.parse(readFileSync(file, 'utf8')));
    const required = stack.terraform.required_providers;
    for (const [name, requirement] of Object.entries(required)) addProvider(uses, name, requirement, file);
    const addTypes = (types: object, slot: 'resources' | 'dataSources' | 'ephemeralResources'): void => {
      for (const type of Object.keys(types).filter((name) => !BUILT_IN.test(name))) {
        const provider = providerOf(type, Object.keys(required));
        const use = provider === undefined ? undefined : uses.get(provider);
        if (use === undefined) throw providerNotRequired(type, file, Object.keys(required));
        use[slot].add(type);
      }
    };
    addTypes(stack.resource, 'resources');
    addTypes(stack.data, 'dataSources');
    addTypes(stack.ephemeral, 'ephemeralResources');
  }
  for (const type of kept) uses.get(providerOf(type, [...uses.keys()]) ?? '')?.resources.add(type);
  return uses;
}

function stackFiles(stacksDir: string): string[] {
  if (!existsSync(stacksDir)) return [];
  return readdirSync(stacksDir)
    .sort()
    .map((stack) => path.join(stacksDir, stack, 'cdk.tf.json'))
    .filter((file) => existsSync(file));
}

function addProvider(
  uses: Map<string, ProviderUse>,
  name: string,
  { source, version }: { source: string; version: string },
  file: string,
): void {
  const known = uses.get(name);
  if (known === undefined) {
    const types = {
      resources: new Set<string>(),
      dataSources: new Set<string>(),
      ephemeralResources: new Set<string>(),
    };
    uses.set(name, { source, version, ...types });
  } else if (known.source !== source || known.version !== version) {
    throw requirementsDiffer(name, file, `${source} ${version}`, `${known.source} ${known.version}`);
  }
}

/** A type belongs to the provider whose name it begins with; of several the longest. */
function providerOf(type: string, providers: readonly string[]): string | undefined {
  return providers
    .filter((name) => type === name || type.startsWith(`${name}_`))
    .sort((a, b) => b.length - a.length)
    .at(0);
}
