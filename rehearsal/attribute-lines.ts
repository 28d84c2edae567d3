import { diffLines } from 'diff';
import type { AttributeChange } from '../review/attribute-changes';

/** Longest value that a line of a plan shows. */
const LONGEST = 80;

/** Most changed lines of one text that a plan shows. */
const MOST_LINES = 40;

/** How much of what both values have in common is shown before they differ. */
const LEAD = 20;

/** What differs, a line or more for each attribute. What a replaced machine learns only when it exists says nothing to a reader: of that the number. */
export function attributeLines(attributes: readonly AttributeChange[]): string[] {
  const known = attributes.filter((it) => it.after !== '(known after apply)');
  const rest = attributes.length - known.length;
  return [...known.flatMap(changed), ...(rest === 0 ? [] : [`${rest} known after apply`])];
}

function changed({ path, before, after }: AttributeChange): string[] {
  const [one, other] = [textOf(before), textOf(after)];
  if (one !== undefined && other !== undefined && `${one}${other}`.includes('\n')) {
    return [`${path}:`, ...changedLines(one, other).map((it) => `  ${it}`)];
  }
  const start = Math.max(before.length, after.length) <= LONGEST ? 0 : Math.max(0, commonLength(before, after) - LEAD);
  return [`${path}: ${short(before, start)} -> ${short(after, start)}`];
}

/** The lines of two texts that differ; of a text of many lines nothing else tells a reader what a plan does. */
function changedLines(before: string, after: string): string[] {
  const lines = diffLines(withEnd(before), withEnd(after)).flatMap(({ added, removed, value }) =>
    added || removed
      ? value
          .replace(/\n$/, '')
          .split('\n')
          .map((it) => `${added ? '+' : '-'} ${it}`)
      : [],
  );
  const more = lines.length - MOST_LINES;
  return more <= 0 ? lines : [...lines.slice(0, MOST_LINES), `${more} more changed lines`];
}

/** A text whose last line ends differs from one whose last line does not by nothing that a reader looks for. */
const withEnd = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);

/** The text that a change holds as JSON; none if it is no text. */
const textOf = (json: string): string | undefined => (json.startsWith('"') ? String(JSON.parse(json)) : undefined);

function commonLength(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
}

function short(text: string, start: number): string {
  const rest = `${start === 0 ? '' : '…'}${text.slice(start)}`;
  return rest.length <= LONGEST ? rest : `${rest.slice(0, LONGEST - 1)}…`;
}
