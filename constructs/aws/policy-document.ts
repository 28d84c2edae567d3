/** Who a statement of a trust or resource policy speaks of. */
export type Principal = '*' | Readonly<Partial<Record<'AWS' | 'Service' | 'Federated', string | readonly string[]>>>;

/** One statement of an IAM policy. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  /** Left out in trust policies. */
  readonly Resource?: string | readonly string[];
  /** Left out in policies that hang on a role. */
  readonly Principal?: Principal;
  /** Operator -> key -> values. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** JSON of an IAM policy; references inside its strings survive. */
export function policyDocument(statements: readonly Statement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}
