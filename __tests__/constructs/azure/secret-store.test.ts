import { TerraformOutput } from 'cdktf';
import { SecretStore } from '../../../constructs/azure/secret-store';
import type { ISecret } from '../../../constructs/platform/secret-store';
import { all, only, type Synthesized } from '../../support/synth';
import { environmentWith, inStack, networkIn } from './fixture';

const SECRET = 'azurerm_key_vault_secret';

const synth = (use: (store: SecretStore) => ISecret, clusterName = 'management'): Synthesized & { secret: unknown } => {
  const result = inStack((stack) => {
    const network = networkIn(stack, environmentWith());
    const secret = use(new SecretStore(stack, 'secrets', { clusterName, network }));
    new TerraformOutput(stack, 'secret', { value: { ...secret } });
  });
  const { output } = JSON.parse(result.text) as { output: { secret: { value: unknown } } };
  return { ...result, secret: output.secret.value };
};

test('a secret lies in the vault of the site under the name of its cluster, and is handed over without a version', () => {
  const { resource, secret } = synth((store) => store.published('deployer'));
  expect(only(resource, SECRET)).toMatchObject({
    name: 'management-deployer',
    key_vault_id: expect.stringMatching(/^\$\{azurerm_key_vault\.network_vault_/),
  });
  expect(secret).toEqual({
    name: 'management-deployer',
    handle: expect.stringMatching(/^\$\{azurerm_key_vault_secret\.secrets_deployer_\w+\.resource_versionless_id\}$/),
    region: 'westeurope',
  });
});

test('a generated secret is made up at apply and reaches a write-only argument alone', () => {
  const { text, resource } = synth((store) => store.generated('join', { version: 3 }));
  const { ephemeral } = JSON.parse(text) as { ephemeral: { random_password: Record<string, object> } };
  const [[name, password] = ['', {}]] = Object.entries(ephemeral.random_password);
  expect(password).toMatchObject({ length: 48, special: false });
  expect(only(resource, SECRET)).toMatchObject({
    value_wo: `\${ephemeral.random_password.${name}.result}`,
    value_wo_version: 3,
  });
});

test('a generated secret is as long as its reader wants it', () => {
  const { text } = synth((store) => store.generated('join', { version: 1, length: 24 }));
  expect(text).toContain('"length": 24');
});

test('a slot that a machine fills is pending and is never written again', () => {
  const { resource } = synth((store) => store.published('ca-hash'));
  expect(only(resource, SECRET)).toMatchObject({ value_wo: 'pending', value_wo_version: 1 });
});

test('a stored secret is written anew when its version says so', () => {
  const { resource } = synth((store) => store.stored('token', { value: '${rancher2_token.x.token}', version: 7 }));
  expect(only(resource, SECRET)).toMatchObject({ value_wo: '${rancher2_token.x.token}', value_wo_version: 7 });
});

test('no secret has a value that a state would keep', () => {
  const { resource } = synth((store) => {
    store.generated('join', { version: 1 });
    store.published('deployer');
    return store.stored('token', { value: '${rancher2_token.x.token}', version: 1 });
  });
  expect(all(resource, SECRET)).toHaveLength(3);
  for (const secret of all(resource, SECRET)) expect(secret).not.toHaveProperty('value');
});

test('clusters of one vault keep their secrets apart', () => {
  const nameOf = (cluster: string, id: string): unknown =>
    only(synth((store) => store.published(id), cluster).resource, SECRET)['name'];
  expect(new Set([nameOf('a-b', 'c'), nameOf('a', 'b-c'), nameOf('a', 'b')]).size).toBe(3);
});
