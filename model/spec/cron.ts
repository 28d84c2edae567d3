/** A field of a schedule: what it counts, its bounds, and the names that its values have from the lower bound on. */
interface Field {
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

/** RKE2's bounds: unlike elsewhere, Sunday is 0 alone (https://github.com/robfig/cron/blob/v3.0.1/spec.go). */
const FIELDS: readonly Field[] = [
  { unit: 'minutes', min: 0, max: 59 },
  { unit: 'hours', min: 0, max: 23 },
  { unit: 'days', min: 1, max: 31 },
  {
    ...{ unit: 'months', min: 1, max: 12 },
    names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  { unit: 'weekdays', min: 0, max: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];

/** What a text of five fields must have to be a schedule. @returns undefined if it is one */
export function wrongCron(text: string): string | undefined {
  const fields = text.split(' ');
  for (const [index, field] of FIELDS.entries()) {
    const wrong = fields[index]?.split(',').find((part) => !fits(part, field));
    if (wrong !== undefined) {
      return `must have ${field.unit} from ${boundsOf(field)}, not "${wrong}": write *, 5, 1-5, */2 or a list of these`;
    }
  }
  return undefined;
}

function fits(part: string, field: Field): boolean {
  const [span = '', step = '1', ...further] = part.split('/');
  return further.length === 0 && between(1, numberOf(step), field.max) && isSpan(span, field);
}

function isSpan(span: string, field: Field): boolean {
  if (span === '*') return true;
  const [first = '', last = first, ...further] = span.split('-');
  const [from, to] = [valueOf(first, field), valueOf(last, field)];
  return further.length === 0 && between(field.min, from, to) && between(from, to, field.max);
}

function valueOf(text: string, { min, names = [] }: Field): number {
  const index = names.indexOf(text.toLowerCase());
  return index < 0 ? numberOf(text) : min + index;
}

/** Not a number for anything but digits, which fits nowhere. */
const numberOf = (text: string): number =>
  text !== '' && [...text].every((it) => it >= '0' && it <= '9') ? Number(text) : NaN;

const between = (low: number, value: number, high: number): boolean => low <= value && value <= high;

const boundsOf = ({ min, max, names }: Field): string =>
  `${min} to ${max}${names === undefined ? '' : ` or ${names[0]} to ${names.at(-1)}`}`;
