import { z } from 'zod';

/** What Terraform has to say, from its machine-readable output. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly summary: string;
  readonly detail: string;
  /** Resource that it is about. */
  readonly address?: string;
}

const message = z.object({
  '@message': z.string(),
  type: z.string().optional(),
  hook: z.object({ resource: z.object({ addr: z.string() }), action: z.string().optional() }).optional(),
  changes: z.object({ add: z.number(), change: z.number(), remove: z.number(), operation: z.string() }).optional(),
  diagnostic: z
    .object({
      severity: z.enum(['error', 'warning']),
      summary: z.string(),
      detail: z.string().default(''),
      address: z.string().optional(),
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
  const { address, ...rest } = diagnostic;
  return address === undefined ? rest : { ...rest, address };
}

/** Whether it refuses by a condition that the program itself states, rather than fails. */
export function isRefusal({ severity, summary }: Diagnostic): boolean {
  return (
    severity === 'error' &&
    /^(Resource|Module output value|Check block) (pre|post)condition failed|^Resource (pre|post)condition failed/.test(
      summary,
    )
  );
}

/** A diagnostic as a paragraph. */
export function formatDiagnostic({ address, summary, detail }: Diagnostic): string {
  return [`${address === undefined ? '' : `${address}: `}${summary}`, ...(detail === '' ? [] : [detail])].join('\n');
}
