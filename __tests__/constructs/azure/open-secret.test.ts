import { openSecret } from '../../../constructs/azure/open-secret';
import { evaluate } from '../aws/terraform-console';
import { inStack } from './fixture';

const vault = '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/drover-staging';
const secret = { name: 'management-deployer', handle: `${vault}/secrets/management-deployer`, region: 'westeurope' };

interface Opened {
  readonly ephemeral: { readonly azurerm_key_vault_secret: Readonly<Record<string, Readonly<Record<string, string>>>> };
  readonly locals: Readonly<Record<string, string>>;
}

const opened: string[] = [];
const { ephemeral, locals } = JSON.parse(
  inStack((scope) => {
    opened.push(openSecret(scope, 'deployer', secret));
  }).text,
) as Opened;
const arguments_ = ephemeral.azurerm_key_vault_secret['deployer'] ?? {};

/** What a consumer gets of a secret with that value. */
const valueOf = (value: string): unknown =>
  evaluate(
    (locals['deployer-value'] ?? '').replaceAll(
      'ephemeral.azurerm_key_vault_secret.deployer.value',
      JSON.stringify(value),
    ),
  );

test('a secret is opened in the vault that its handle names', () => {
  expect(arguments_).toMatchObject({ name: 'management-deployer' });
  const handle = JSON.stringify(locals['deployer-vault']);
  expect(evaluate(String(arguments_['key_vault_id']).replace('local.deployer-vault', handle))).toBe(vault);
});

test('its consumer gets an expression, never a value', () => {
  expect(opened).toEqual([expect.stringMatching(/^\$\{TfToken\[/)]);
});

test('a published secret is given as it is', () => {
  expect(valueOf('{"host":"https://api"}')).toBe('{"host":"https://api"}');
});

test('a slot that no machine has filled stops the plan and says what to do', () => {
  expect(() => valueOf('pending')).toThrow(
    'secret \'management-deployer\' is still \\"pending\\": its machine has not published it; ' +
      'see the bootstrap log of the first server, then apply again',
  );
});
