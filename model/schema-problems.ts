import { z } from 'zod';
import { keyNotAllowed, notAllowed, show } from './problem';
import type { Path, Problem } from './problem';
import { closest } from './closest';
import { whyRefused } from './refused-keys';
import { mayHoldSecret } from './secret-places';

type Result<T> = { readonly value: T } | { readonly problems: readonly Problem[]; readonly value?: T };

/**
 * Checks data against a schema. When nothing but unknown keys is wrong, the rest is still returned beside the
 * problems, so that it can be checked further and the person sees everything at once.
 */
export function checkSchema<T extends z.ZodType>(schema: T, data: unknown): Result<z.output<T>> {
  const result = schema.safeParse(data, { error: allowed });
  if (result.success) return { value: result.data };
  const issues = withoutEchoes(result.error.issues.flatMap(meant));
  const problems = issues.flatMap((issue) => problemsOf(issue, data, schema));
  if (issues.some((issue) => issue.code !== 'unrecognized_keys')) return { problems };
  const known = schema.safeParse(withoutUnknownKeys(data, issues), { error: allowed });
  return known.success ? { problems, value: known.data } : { problems };
}

/**
 * Of a value that may have several forms, what is wrong with the form that was meant: the one that knows most of its
 * keys, of equals the one with the fewest problems, then the first.
 */
function meant(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
  const forms = issue.errors.map((errors) => errors.flatMap(meant));
  const [best = []] = forms
    .map((errors) => ({ errors, score: unknownKeys(errors) * 1000 + errors.length }))
    .sort((one, other) => one.score - other.score)
    .map(({ errors }) => errors);
  return best.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

/** A text in the place of a list is measured as well: what is of the wrong kind has no length of interest. */
function withoutEchoes(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  const wrongKind = new Set(issues.filter(({ code }) => code === 'invalid_type').map(({ path }) => path.join('.')));
  return issues.filter(({ code, path }) => code === 'invalid_type' || !wrongKind.has(path.join('.')));
}

function unknownKeys(issues: readonly z.core.$ZodIssue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 0), 0);
}

/** What a schema allows, as the rest of a sentence. Schemas with a message of their own have already said it. */
function allowed(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return (formOf(issue.inst) ?? `must be ${typeNames[issue.expected] ?? issue.expected}`) + unquoted(issue);
    case 'invalid_value':
      return mustBeOneOf(issue.values);
    case 'invalid_union':
      return mustBeOneOf('options' in issue && Array.isArray(issue.options) ? issue.options.filter(isTag) : []);
    case 'too_small':
      return `must ${measured(issue.origin, 'at least', issue.minimum)}`;
    case 'too_big':
      return `must ${measured(issue.origin, 'at most', issue.maximum)}`;
    case 'unrecognized_keys':
      // The issue does not name what is known, so the message carries it to problemsOf.
      return issue.inst instanceof z.ZodObject
        ? JSON.stringify({ known: Object.keys(issue.inst.shape), refused: whyRefused(issue.inst) })
        : undefined;
    default:
      return undefined;
  }
}

/** Fits no pattern of ours. */
const MISFIT = '\0';

/** What a text of this schema has to look like, which says more than that it has to be a text. */
function formOf(schema: unknown): string | undefined {
  if (schema instanceof z.ZodNumber) return schema.format === 'safeint' ? 'must be a whole number' : undefined;
  if (!(schema instanceof z.ZodString)) return undefined;
  return schema.safeParse(MISFIT).error?.issues[0]?.message;
}

/** What to do about a text that YAML takes for something else, if it is right otherwise. */
function unquoted({ inst, input }: z.core.$ZodRawIssue): string {
  const kind = typeof input;
  if (!(inst instanceof z.ZodString) || (kind !== 'number' && kind !== 'boolean')) return '';
  return inst.safeParse(String(input)).success ? `; put it in quotes, for YAML reads ${typeNames[kind]}` : '';
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  object: 'a map',
  record: 'a map',
  array: 'a list',
};

function problemsOf(issue: z.core.$ZodIssue, data: unknown, schema: z.ZodType): Problem[] {
  const path = pathOf(issue);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey([...path, key], key, keysOf.parse(JSON.parse(issue.message))));
    case 'invalid_key':
      return issue.issues.map((inner) => keyNotAllowed(path, inner.message));
    default: {
      const got = valueAt(data, path);
      if (got === undefined) return [{ path, text: `is missing: ${issue.message}` }];
      if (mayHoldSecret(schema, path)) return [{ path, text: issue.message }];
      return [notAllowed(path, got, issue.message)];
    }
  }
}

/** What the message of an unknown key carries. */
const keysOf = z.object({ known: z.array(z.string()), refused: z.record(z.string(), z.string()) });

function unknownKey(path: Path, key: string, { known, refused }: z.output<typeof keysOf>): Problem {
  const why = refused[key];
  if (why !== undefined) return keyNotAllowed(path, why);
  const meant = closest(key, known);
  const hint = meant === undefined ? '' : `did you mean "${meant}"? `;
  return { path, text: `unknown key: ${hint}allowed are ${list(known)}`, at: 'key' };
}

function measured(origin: string, bound: string, limit: number | bigint): string {
  if (origin === 'string') return `have ${bound} ${limit} ${limit === 1 ? 'character' : 'characters'}`;
  if (origin === 'array') return `have ${bound} ${limit} ${limit === 1 ? 'item' : 'items'}`;
  return `be ${bound} ${limit}`;
}

/** A union that has a form for no tag at all counts that among its tags. */
function isTag(option: unknown): boolean {
  return option !== undefined;
}

function mustBeOneOf(values: readonly unknown[]): string {
  return values.length === 1 ? `must be ${show(values[0])}` : `must be one of ${list(values)}`;
}

function list(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(', ');
}

function withoutUnknownKeys(data: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  const copy: unknown = structuredClone(data);
  for (const issue of issues) {
    if (issue.code !== 'unrecognized_keys') continue;
    const holder = valueAt(copy, pathOf(issue));
    if (isRecord(holder)) issue.keys.forEach((key) => Reflect.deleteProperty(holder, key));
  }
  return copy;
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce((value, step) => (isRecord(value) ? value[step] : undefined), data);
}

function isRecord(value: unknown): value is Record<string | number, unknown> {
  return typeof value === 'object' && value !== null;
}

function pathOf(issue: z.core.$ZodIssue): (string | number)[] {
  return issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
}
