import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { secretsThatMustExist, seedPreconditions } from '../../rehearsal/seed';
import { listWorld, removePreconditions } from '../../rehearsal/world';
import { stackOf } from './support/stacks';

const arnOf = (name: string): string =>
  `arn:\${data.aws_partition.partition.partition}:ssm:eu-west-1:\${data.aws_caller_identity.account.account_id}:parameter${name}`;
const opening = (ephemeral: Record<string, unknown>, resource: Record<string, Record<string, unknown>> = {}) =>
  stackOf('dev-shop-apps', {
    provider: { aws: [{ region: 'eu-central-1' }] },
    ephemeral: { aws_ssm_parameter: { secret: ephemeral } },
    resource: { aws_ssm_parameter: resource },
  });

test('a parameter that a stack opens by its literal name and none makes must exist before', () => {
  const name = '/drover/dev/apps/storefront/payment-key';
  expect(secretsThatMustExist([opening({ arn: arnOf(name) })])).toEqual([{ name, region: 'eu-west-1' }]);
});

test('a name that a function puts into the ARN is found too', () => {
  const parts = [
    '"arn:%s:ssm:%s:%s:parameter%s"',
    'data.aws_partition.p.partition',
    '"eu-west-1"',
    'data.a.b.id',
    '"/drover/dev/key"',
  ];
  const arn = `\${format(${parts.join(', ')})}`;
  expect(secretsThatMustExist([opening({ arn, region: `\${element(split(":", ${arn.slice(2, -1)}), 3)}` })])).toEqual([
    { name: '/drover/dev/key', region: 'eu-west-1' },
  ]);
});

test('without a region in its name it lies where the stack says, else where its provider works', () => {
  const arn = 'arn:aws:ssm:${local.region}:1:parameter/a';
  expect(secretsThatMustExist([opening({ arn, region: 'us-east-1' })])).toEqual([{ name: '/a', region: 'us-east-1' }]);
  expect(secretsThatMustExist([opening({ arn, region: '${local.region}' })])).toEqual([
    { name: '/a', region: 'eu-central-1' },
  ]);
});

test('one that a stack makes, and one that is opened by a reference, are not preconditions', () => {
  const elsewhere = '${data.terraform_remote_state.up.outputs.x-aws_ssm_parameter_arn}';
  const made = opening({ arn: arnOf('/made') }, { own: { name: '/made' } });
  expect(
    secretsThatMustExist([made, opening({ arn: '${aws_ssm_parameter.join.arn}' }), opening({ arn: elsewhere })]),
  ).toEqual([]);
});

test('it is put where the simulated provider looks for it, once, and can be taken away again', () => {
  const world = mkdtempSync(path.join(tmpdir(), 'drover-world-'));
  const stacks = [opening({ arn: arnOf('/drover/dev/key') })];
  expect(seedPreconditions(world, stacks)).toEqual(['/drover/dev/key']);
  expect(seedPreconditions(world, stacks)).toEqual([]);
  const [object] = listWorld(world);
  // The first eight digits of the SHA-256 of 'eu-west-1|/drover/dev/key', as rehearsal/provider/world.go makes it.
  expect(path.relative(world, object?.file ?? '')).toBe('aws_ssm_parameter/_drover_dev_key~ab8046b6.json');
  expect(JSON.parse(readFileSync(object?.file ?? '', 'utf8'))).toMatchObject({
    type: 'aws_ssm_parameter',
    id: '/drover/dev/key',
    scope: 'eu-west-1',
    precondition: true,
    attrs: { name: '/drover/dev/key', version: 1, type: 'SecureString' },
    secrets: { value_wo: expect.stringMatching(/^[\w-]{32}$/) as unknown },
  });
  removePreconditions(world);
  expect(listWorld(world)).toEqual([]);
  rmSync(world, { recursive: true });
});
