import { inspect } from 'node:util';
import { SecretRef, secretRefSpec } from '../../model/secret-ref';

test.each([
  ['ssm:/drover/dev/db-password', { kind: 'ssm', path: '/drover/dev/db-password' }],
  ['keyvault:db-password', { kind: 'keyvault', name: 'db-password' }],
  ['vault:kv/shop/db#password', { kind: 'vault', path: 'kv/shop/db', key: 'password' }],
  ['env:DB_PASSWORD', { kind: 'env', variable: 'DB_PASSWORD' }],
])('%s is a reference', (text, place) => {
  expect(SecretRef.parse(text).place).toEqual(place);
});

test.each(['ssm:no-slash', 'ssm:/a//b', 'keyvault:a/b', 'vault:kv/shop', 'env:lower', 'plain', ''])(
  '"%s" is refused without being repeated',
  (text) => {
    expect(() => SecretRef.parse(text)).toThrow(
      /^not a secret reference: write 'ssm:\/path', 'keyvault:name', 'vault:path#key' or 'env:NAME'$/,
    );
  },
);

test('a reference does not get into text by accident', () => {
  const ref = SecretRef.parse('ssm:/drover/dev/db-password');
  expect([String(ref), `${ref.toString()}`, JSON.stringify({ ref }), inspect({ ref }), Object.keys(ref)]).toEqual([
    '[secret ssm]',
    '[secret ssm]',
    '{"ref":"[secret ssm]"}',
    '{ ref: [secret ssm] }',
    [],
  ]);
});

test('data that a person writes becomes a reference', () => {
  expect(secretRefSpec.parse('env:TOKEN').kind).toBe('env');
  expect(secretRefSpec.safeParse('hunter2').error?.issues.map((issue) => issue.message)).toEqual([
    "must be a secret reference: 'ssm:/path', 'keyvault:name', 'vault:path#key' or 'env:NAME'",
  ]);
});
