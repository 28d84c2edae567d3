import { openSecret } from '../../../constructs/aws/open-secret';
import { inStack } from './network-fixture';
import { evaluate } from './terraform-console';

const handle = 'arn:aws:ssm:eu-central-1:123456789012:parameter/drover/dev/management/deployer';
const secret = { name: '/drover/dev/management/deployer', handle, region: 'eu-central-1' };

interface Opened {
  readonly ephemeral: unknown;
  readonly locals: Readonly<Record<string, string>>;
}

const opened: string[] = [];
const { ephemeral, locals } = JSON.parse(
  inStack((scope) => {
    opened.push(openSecret(scope, 'deployer', secret));
  }).text,
) as Opened;

/** What a consumer gets of a parameter with that value. */
const valueOf = (value: string): unknown =>
  evaluate(
    (locals['deployer-value'] ?? '').replaceAll('ephemeral.aws_ssm_parameter.deployer.value', JSON.stringify(value)),
  );

test('a secret is opened where it lies, whatever the region of the stack', () => {
  expect(ephemeral).toMatchObject({ aws_ssm_parameter: { deployer: { arn: handle, region: 'eu-central-1' } } });
});

test('its consumer gets an expression, never a value', () => {
  expect(opened).toEqual([expect.stringMatching(/^\$\{TfToken\[/)]);
  expect(Object.keys(locals)).toEqual(['deployer-value']);
});

test('a published secret is given as it is', () => {
  expect(valueOf('{"host":"https://api"}')).toBe('{"host":"https://api"}');
});

test('a slot that no machine has filled stops the plan and says what to do', () => {
  expect(() => valueOf('pending')).toThrow(
    'secret \'/drover/dev/management/deployer\' is still \\"pending\\": its machine has not published it; ' +
      'see the bootstrap log of the first server, then apply again',
  );
});
