import { z } from 'zod';

/** What Terraform has to say, from its machine-readable output. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly summary: string;
  readonly detail: string;
  /** Resource that it is about, or the block of the configuration. */
  readonly address?: string;
}

const message = z.object({
  '@message': z.string(),
  '@timestamp': z.string().optional(),
  type: z.string().optional(),
  code: z.number().optional(),
  hook: z.object({ resource: z.object({ addr: z.string() }), action: z.string().optional() }).optional(),
  changes: z.object({ add: z.number(), change: z.number(), remove: z.number(), operation: z.string() }).optional(),
  change: z
    .object({
      resource: z.object({ addr: z.string(), resource_type: z.string() }),
      action: z.string(),
      reason: z.string().optional(),
    })
    .optional(),
  diagnostic: z
    .object({
      severity: z.enum(['error', 'warning']),
      summary: z.string(),
      detail: z.string().default(''),
      address: z.string().optional(),
      snippet: z.object({ context: z.string().nullish() }).optional(),
    })
    .optional(),
});

/** A line of Terraform's machine-readable output: https://developer.hashicorp.com/terraform/internals/machine-readable-ui */
export type TerraformMessage = z.output<typeof message>;

/** Reads a line, if it is one. */
export function parseMessage(line: string): TerraformMessage | undefined {
  if (!line.startsWith('{"@level"')) return undefined;
  try {
    return message.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** The diagnostic of a message. */
export function diagnosticOf({ diagnostic }: TerraformMessage): Diagnostic | undefined {
  if (diagnostic === undefined) return undefined;
  const { severity, summary, detail, snippet } = diagnostic;
  const address = diagnostic.address ?? blockOf(snippet?.context ?? '');
  return { severity, summary, detail, ...(address === '' ? {} : { address }) };
}

/** Whether it refuses by a condition that the program itself states, rather than fails. */
export const isRefusal = ({ summary }: Diagnostic): boolean => /^Resource (pre|post)condition failed$/.test(summary);

/** The block that a place in the configuration belongs to: `terraform_data.guard` of its third condition. */
const blockOf = (context: string): string => /^resource\.([^.]+\.[^.]+)/.exec(context)?.[1] ?? context;

/** A diagnostic as a paragraph. */
export function formatDiagnostic({ address, summary, detail }: Diagnostic): string {
  return [`${address === undefined ? '' : `${address}: `}${summary}`, ...(detail === '' ? [] : [detail])].join('\n');
}
