import { z } from 'zod';
import type { Machine } from '../machine';
import { answerNotUnderstood } from './errors';

/** What a machine that may be in trouble said. @throws {NotAsExpected} when it is cut off, or of another shape */
export function answered<T>(shape: z.ZodType<T>, text: string, what: string, { name }: Machine): T {
  try {
    return shape.parse(JSON.parse(text));
  } catch (error) {
    throw answerNotUnderstood(name, what, error instanceof z.ZodError ? z.prettifyError(error) : text.slice(0, 200));
  }
}
