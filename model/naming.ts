import { createHash } from 'node:crypto';
import { invalidNamePart, nameTooShort, noNameParts, reservedName } from './errors';
import { nameLimits } from './name-limits';
import type { NameKind, NameLimit } from './name-limits';

/** Hex digits that a cut name ends with. */
const HASH_DIGITS = 6;

/**
 * Physical name of a resource within the limits of its platform. The same parts always give the same name.
 *
 * Parts are joined by '-', and by '--' as soon as one of them has a hyphen of its own: 'a-b' with 'c' and 'a' with
 * 'b-c' stay apart, as long as no part has two hyphens in a row (slugs have not). A name over the limit is cut and
 * ends in six hex digits of the hash of all its parts. Paths (parameters, log groups) are joined by '/'.
 * @param kind what is named; decides length, characters, prefix
 * @param parts from the general to the special, such as environment, cluster, purpose; no tokens
 * @throws for no part, an empty part or one with characters that the platform does not take, a name that is too
 * short, and a name that the platform reserves
 */
export function physicalName(kind: NameKind, parts: readonly string[]): string {
  const limit: NameLimit = nameLimits[kind];
  if (parts.length === 0) throw noNameParts(kind);
  for (const part of parts) {
    if (!limit.characters.test(part)) throw invalidNamePart(kind, part, limit);
  }
  const joined = limit.prefix + parts.join(separatorOf(limit.joiner, parts));
  if (joined.length < limit.min) throw nameTooShort(kind, joined, limit);
  if (limit.reserved?.test(joined)) throw reservedName(kind, joined, limit);
  if (joined.length <= limit.max) return joined;
  const dash = limit.joiner === '' ? '' : '-';
  const kept = joined.slice(0, limit.max - HASH_DIGITS - dash.length).replace(/[-/._]+$/, '');
  return `${kept}${dash}${hashOf(parts)}`;
}

/**
 * Six hex digits that tell one installation from all others, for names that are unique in the whole world.
 * @param text what nobody else has, such as the environment's domain
 */
export function uniquePart(text: string): string {
  return hashOf([text]);
}

function separatorOf(joiner: NameLimit['joiner'], parts: readonly string[]): string {
  return joiner === '-' && parts.length > 1 && parts.some((part) => part.includes('-')) ? '--' : joiner;
}

function hashOf(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, HASH_DIGITS);
}
