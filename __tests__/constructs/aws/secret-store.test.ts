import { readFileSync } from 'node:fs';
import { PENDING } from '../../../constructs/platform/pending';
import { SecretStore } from '../../../constructs/aws/secret-store';
import { only, type Synthesized } from '../../support/synth';
import { environmentWith, inStack } from './network-fixture';

const synth = (use: (store: SecretStore) => void): Synthesized =>
  inStack((stack) =>
    use(
      new SecretStore(stack, 'secrets', {
        environment: environmentWith(),
        clusterName: 'management',
        kmsKeyArn: 'arn:aws:kms:eu-west-1:123456789012:key/site',
      }),
    ),
  );

const ephemeralOf = ({ text }: Synthesized): unknown => (JSON.parse(text) as { ephemeral: unknown }).ephemeral;

test('a secret is an encrypted parameter below its environment and cluster', () => {
  const { resource } = synth((store) => store.published('deployer'));
  expect(only(resource, 'aws_ssm_parameter')).toMatchObject({
    name: '/drover/dev/management/deployer',
    type: 'SecureString',
    key_id: 'arn:aws:kms:eu-west-1:123456789012:key/site',
  });
});

test('a generated secret is made up at apply and reaches a write-only argument alone', () => {
  const stack = synth((store) => store.generated('join', { version: 3 }));
  expect(ephemeralOf(stack)).toMatchObject({
    random_password: { 'secrets_join-value_0D872ECD': { length: 48, special: false } },
  });
  expect(only(stack.resource, 'aws_ssm_parameter')).toMatchObject({
    value_wo: '${ephemeral.random_password.secrets_join-value_0D872ECD.result}',
    value_wo_version: 3,
  });
});

test('a slot that a machine fills is pending and is never written again', () => {
  const { resource } = synth((store) => store.published('ca-hash'));
  expect(only(resource, 'aws_ssm_parameter')).toMatchObject({ value_wo: 'pending', value_wo_version: 1 });
});

test('a stored secret is written anew when its version says so', () => {
  const { resource } = synth((store) => store.stored('token', { value: '${rancher2_token.x.token}', version: 7 }));
  expect(only(resource, 'aws_ssm_parameter')).toMatchObject({
    value_wo: '${rancher2_token.x.token}',
    value_wo_version: 7,
  });
});

test('no secret has a value that a state would keep', () => {
  const { resource } = synth((store) => {
    store.generated('join', { version: 1 });
    store.published('deployer');
    store.stored('token', { value: '${rancher2_token.x.token}', version: 1 });
  });
  for (const parameter of Object.values(resource['aws_ssm_parameter'] ?? {})) {
    expect(parameter).not.toHaveProperty('value');
    expect(parameter).not.toHaveProperty('insecure_value');
  }
});

test('the scripts know the same word for a slot that is not filled', () => {
  expect(readFileSync('userdata/lib.sh', 'utf8')).toContain(`readonly PENDING='${PENDING}'`);
});
