/** Keys and indexes from the root of an environment. */
export type Path = readonly (string | number)[];

/** Something that is wrong with an environment, before it is known where in the file it stands. */
export interface Problem {
  readonly path: Path;
  /** What is wrong, the value got, and what is allowed. */
  readonly text: string;
  /** Which part of the file to point at. @default 'value' */
  readonly at?: 'value' | 'key';
}

/** A problem with its place. */
export interface LocatedProblem extends Problem {
  /** File, relative to the working directory. */
  readonly file: string;
  /** Line, from 1. */
  readonly line: number;
  /** Column, from 1. */
  readonly column: number;
}

/** Longest text of a value in a message. */
const SHOWN = 60;

/** A value that may not stand where it stands. `allowed` says what may, as 'must ...'. */
export function notAllowed(path: Path, got: unknown, allowed: string): Problem {
  return { path, text: `${show(got)} is not allowed: ${allowed}` };
}

/** A key of a map that may not be one. */
export function keyNotAllowed(path: Path, allowed: string): Problem {
  return { path, text: `key ${show(path.at(-1))} is not allowed: ${allowed}`, at: 'key' };
}

/** A value as a message shows it: JSON, cut where it is long. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN - 3)}...`;
}

/** 'clusters.shop.zones[0]'; keys that are no plain words are quoted. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, step) => text + formatStep(step, text === ''), '');
}

function formatStep(step: string | number, isFirst: boolean): string {
  if (typeof step === 'number') return `[${step}]`;
  if (!/^[\w-]+$/.test(step)) return `[${JSON.stringify(step)}]`;
  return isFirst ? step : `.${step}`;
}
