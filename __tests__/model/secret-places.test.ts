import { z } from 'zod';
import { mayHoldSecret } from '../../model/secret-places';
import { secretRefSpec } from '../../model/secret-ref';

const schema = z.strictObject({
  name: z.string(),
  token: secretRefSpec.refine((ref) => ref.kind === 'ssm', 'must be in SSM').optional(),
  entries: z.array(z.strictObject({ when: z.string(), secrets: z.record(z.string(), secretRefSpec).default({}) })),
  source: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('open') }),
    z.strictObject({ kind: z.literal('closed'), key: secretRefSpec.describe('Key to it') }),
  ]),
});

test.each([
  [['token']],
  [['token', 'inside', 'it']],
  [['entries', 0, 'secrets', 'KEY']],
  [['entries', 0, 'secrets']],
  [['entries', 0]],
  [['entries']],
  [['source', 'key']],
  [['source']],
  [[]],
])('at %j a secret may stand, or below it', (path) => {
  expect(mayHoldSecret(schema, path)).toBe(true);
});

test.each([[['name']], [['entries', 0, 'when']], [['source', 'kind']], [['nothing']]])(
  'at %j there is none',
  (path) => {
    expect(mayHoldSecret(schema, path)).toBe(false);
  },
);
