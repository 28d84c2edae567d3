import type { Verdict } from '../review/verdict';

/** What the guard says, for a person. */
export const verdictLine = ({ ok, rule, stack, text }: Verdict): string =>
  `guard ${ok ? 'allows' : 'REFUSES'} (${rule}, ${stack}): ${text}`;
