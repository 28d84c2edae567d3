/** An attribute that a plan changes. Values that Terraform marks as sensitive never get here. */
export interface AttributeChange {
  /** Such as `tags.Name` or `ingress[0].cidr`. */
  readonly path: string;
  /** JSON of the value, or a word in parentheses: `(sensitive)`, `(none)`. */
  readonly before: string;
  /** As `before`, or `(known after apply)`. */
  readonly after: string;
}

/** Both sides of a change with what Terraform says about them; each mask has the shape of the value, `true` where it applies. */
export interface ChangeSides {
  readonly before: unknown;
  readonly after: unknown;
  readonly unknown: unknown;
  readonly beforeSensitive: unknown;
  readonly afterSensitive: unknown;
}

/** The attributes that differ, as deep as they can be told apart. */
export function attributeChanges(sides: ChangeSides, path: readonly (string | number)[] = []): AttributeChange[] {
  const { before, after, unknown } = sides;
  const isUnknown = unknown === true;
  if (!isUnknown && !hasMark(unknown) && deepEqual(before, after)) return [];
  const isSensitive = sides.beforeSensitive === true || sides.afterSensitive === true;
  const keys = keysOf(before, after, unknown);
  if (isUnknown || isSensitive || keys === undefined) {
    return [
      {
        path: formatPath(path),
        before: isSensitive ? '(sensitive)' : shown(before),
        after: isSensitive ? '(sensitive)' : isUnknown ? '(known after apply)' : shown(after),
      },
    ];
  }
  return keys.flatMap((key) =>
    attributeChanges(
      {
        before: child(before, key),
        after: child(after, key),
        unknown: child(unknown, key),
        beforeSensitive: child(sides.beforeSensitive, key),
        afterSensitive: child(sides.afterSensitive, key),
      },
      [...path, key],
    ),
  );
}

/** A path as Terraform writes it. */
export function formatPath(path: readonly (string | number)[]): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  );
}

/** Whether anything below is marked. */
function hasMark(mask: unknown): boolean {
  if (mask === true) return true;
  return isContainer(mask) && Object.values(mask).some(hasMark);
}

/** The steps below a value; none if the two sides are not of one kind. */
function keysOf(before: unknown, after: unknown, unknown: unknown): (string | number)[] | undefined {
  const [one, other] = [before ?? undefined, after ?? undefined];
  if (Array.isArray(one) && Array.isArray(other)) {
    return Array.from({ length: Math.max(one.length, other.length) }, (_, index) => index);
  }
  if (!isObject(one) || !(isObject(other) || (other === undefined && isObject(unknown)))) return undefined;
  return [
    ...new Set([...Object.keys(one), ...Object.keys(other ?? {}), ...(isObject(unknown) ? Object.keys(unknown) : [])]),
  ].sort();
}

function child(value: unknown, key: string | number): unknown {
  if (value === true) return true;
  if (Array.isArray(value)) return typeof key === 'number' ? value[key] : undefined;
  return isObject(value) ? value[key] : undefined;
}

function deepEqual(one: unknown, other: unknown): boolean {
  if (one === other || (isNothing(one) && isNothing(other))) return true;
  if (!isContainer(one) || !isContainer(other) || Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => deepEqual(one[key], other[key]));
}

const isNothing = (value: unknown): boolean => value === null || value === undefined;

const shown = (value: unknown): string => (isNothing(value) ? '(none)' : JSON.stringify(value));

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return isContainer(value) && !Array.isArray(value);
}
