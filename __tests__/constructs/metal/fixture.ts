import { readFileSync } from 'node:fs';
import type { TerraformStack } from 'cdktf';
import { VaultProvider } from '@cdktf/provider-vault/lib/provider';
import { parseEnvironment, type Environment } from '../../../model/environment';
import { stackWith, type Synthesized } from '../../support/synth';

const text = readFileSync('environments/lab.yaml', 'utf8');

/** The example environment on metal with some of its text replaced. */
export function labWith(...replacements: (readonly [from: string, to: string])[]): Environment {
  const changed = replacements.reduce((before, [from, to]) => {
    if (!before.includes(from)) throw new Error(`the lab environment has no '${from}'`);
    return before.replace(from, to);
  }, text);
  return parseEnvironment(changed, 'lab.yaml');
}

/** The example environment whose hosts are reached straight. */
export function withoutBastion(): Environment {
  const [bastion = '', key = ''] = / {6}# Hosts are reached through[^]*?&authority (.+)\n/.exec(text) ?? [];
  return parseEnvironment(text.replace(bastion, '').replaceAll('*authority', key), 'lab.yaml');
}

/** A stack for constructs of metal alone. */
export function emptyStack(): TerraformStack {
  return stackWith((stack) => {
    new VaultProvider(stack, 'vault', { address: 'https://vault.example.com' });
  });
}

/** What is done on a host. */
export interface HostWork {
  readonly connection?: Record<string, unknown>;
  readonly depends_on?: readonly string[];
  readonly triggers_replace?: readonly unknown[];
  readonly provisioner: readonly {
    readonly file?: { readonly content?: string; readonly source?: string; readonly destination: string };
    readonly 'remote-exec'?: {
      readonly inline: readonly string[];
      readonly when?: string;
      readonly connection?: Record<string, unknown>;
    };
  }[];
}

/** The only `terraform_data` whose name has this part. */
export function workOf({ resource }: Synthesized, part: string): HostWork {
  const found = Object.entries(resource['terraform_data'] ?? {}).filter(([name]) => name.includes(part));
  const [work] = found;
  if (work === undefined || found.length > 1)
    throw new Error(`${found.length} pieces of work have '${part}' in their name`);
  // The tests look at what is rendered, which has this form or fails them.
  return work[1] as unknown as HostWork;
}

/** Settings that a host is brought, by name. */
export function settingsOf(work: HostWork): Record<string, string> {
  const content = work.provisioner.flatMap(({ file }) => (file?.destination.endsWith('.env') ? [file.content] : []))[0];
  const rendered = /^\$\{join\("", \[(".*")\]\)\}$/s.exec(content ?? '')?.[1];
  if (rendered === undefined) throw new Error(`no settings in ${content ?? 'nothing'}`);
  const lines = (JSON.parse(rendered) as string).trimEnd().split('\n');
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 2, -1)]),
  );
}

/** The host whose bundle an address of `depends_on` names. */
export function hostsBefore(work: HostWork): string[] {
  return (work.depends_on ?? []).flatMap((address) => /_([a-z]+-\d+)_bundle_/.exec(address)?.[1] ?? []);
}
