import { Renewals } from '../../../constructs/azure/renewals';
import { only, type Synthesized } from '../../support/synth';
import { evaluate } from '../aws/terraform-console';
import { environmentWith, inStack, networkIn } from './fixture';

type Numbers = Readonly<Record<string, number>>;

const synth = (wanted: Numbers, clusterName = 'shop'): Synthesized =>
  inStack((stack) => {
    const renewals = new Renewals(stack, 'renewals', {
      network: networkIn(stack, environmentWith()),
      clusterName,
      wanted,
    });
    for (const server of Object.keys(wanted)) renewals.reached(server, []);
  });

const localsOf = ({ text }: Synthesized): Record<string, string> =>
  (JSON.parse(text) as { locals: Record<string, string> }).locals;

/** Expression of the servers that the condition finds, given the entries that are there. */
function renewing(wanted: Numbers, there: readonly string[]): string {
  const found = Object.entries(localsOf(synth(wanted))).find(([name]) => name.startsWith('renewals_renewing'))?.[1];
  const names = JSON.stringify(there.map((name) => `shop-renewed-${name}`));
  return (found ?? '').replace(/^\$\{([^]*)\}$/, '$1').replaceAll(/local\.renewals_names_\w+/g, names);
}

const cases: readonly (readonly [string, Numbers, readonly string[], readonly string[]])[] = [
  ['the first deploy renews nobody', { s1: 0, s2: 0, s3: 0 }, [], []],
  ['a server that has reached its number is left alone', { s1: 2 }, ['s1', 's1-2'], []],
  ['a server whose number has not been reached is renewed', { s1: 1, s2: 0 }, ['s1', 's1-0', 's2', 's2-0'], ['s1']],
  ['a server whose renewal failed halfway still counts', { s1: 1, s2: 1 }, ['s1', 's2', 's2-0'], ['s1', 's2']],
  ['a further server of a cluster that is there is no renewal', { s1: 0, s2: 0, s3: 0 }, ['s1', 's1-0'], []],
  ['a number that is taken back is a renewal as well', { s1: 0 }, ['s1', 's1-1'], ['s1']],
  ['a server that another begins like is told apart', { s1: 0 }, ['s1', 's1-0', 's10'], []],
];

// Terraform is started once for all of them.
const answers = evaluate(`[${cases.map(([, wanted, there]) => renewing(wanted, there)).join(', ')}]`) as unknown[];

test.each(cases.map(([what, , , expected], index) => [what, expected, answers[index]] as const))(
  '%s',
  (_, expected, answer) => {
    expect(answer).toEqual(expected);
  },
);

test('two at once are refused by name, before anything is planned', () => {
  expect(only(synth({ s1: 0, s2: 0 }).resource, 'terraform_data')).toMatchObject({
    input: { s1: 0, s2: 0 },
    lifecycle: {
      precondition: [
        {
          condition: expect.stringMatching(/^\$\{length\(local\.renewals_renewing_\w+\) <= 1\}$/),
          error_message: expect.stringMatching(
            /^more than one server would be renewed in one apply: \$\{join\(", ", local\.renewals_renewing_\w+\)\}; raise one number, apply, wait until it is healthy, then raise the next$/,
          ),
        },
      ],
    },
  });
});

test('what has been reached is read from the vault without waiting for any resource', () => {
  const found = only(synth({ s1: 0 }).data, 'azurerm_key_vault_secrets');
  expect(found).toMatchObject({ key_vault_id: expect.stringMatching(/^\$\{azurerm_key_vault\.network_vault_/) });
  expect(found).not.toHaveProperty('depends_on');
});

test('a server has an entry for good and one for the number it has reached, neither of them a secret', () => {
  const { resource } = synth({ s1: 4 });
  expect(only(resource, 'azurerm_key_vault_secret', 'renewals_s1_')).toMatchObject({
    name: 'shop-renewed-s1',
    value: 'exists',
  });
  expect(only(resource, 'azurerm_key_vault_secret', 'renewals_s1-number')).toMatchObject({
    name: 'shop-renewed-s1-4',
    value: 'healthy',
    depends_on: [expect.stringMatching(/^azurerm_key_vault_secret\.renewals_s1_\w+$/)],
  });
});

test('clusters of one vault keep their entries apart', () => {
  const nameOf = (cluster: string): unknown =>
    only(synth({ s1: 0 }, cluster).resource, 'azurerm_key_vault_secret', 'renewals_s1_')['name'];
  expect([nameOf('shop'), nameOf('shop-eu')]).toEqual(['shop-renewed-s1', 'shop-eu--renewed--s1']);
});
