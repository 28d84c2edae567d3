import { Renewals } from '../../../constructs/aws/renewals';
import { only, type Synthesized } from '../../support/synth';
import { environmentWith, inStack } from './network-fixture';
import { evaluate } from './terraform-console';

const RECORDS = '/drover/dev/shop/renewed';

const synth = (wanted: Readonly<Record<string, number>>): Synthesized =>
  inStack((stack) => {
    const renewals = new Renewals(stack, 'renewals', { environment: environmentWith(), clusterName: 'shop', wanted });
    for (const server of Object.keys(wanted)) renewals.reached(server, []);
  });

const localsOf = ({ text }: Synthesized): Record<string, string> =>
  (JSON.parse(text) as { locals: Record<string, string> }).locals;

/** Servers that the condition finds, given the parameters that are there. */
function renewing(wanted: Readonly<Record<string, number>>, there: readonly string[]): unknown {
  const locals = Object.entries(localsOf(synth(wanted)));
  const found = locals.find(([name]) => name.startsWith('renewals_renewing'))?.[1] ?? '';
  const names = JSON.stringify(there.map((name) => `${RECORDS}/${name}`));
  return evaluate(found.replaceAll(/local\.renewals_names_\w+/g, names));
}

test('the first deploy renews nobody', () => {
  expect(renewing({ s1: 0, s2: 0, s3: 0 }, [])).toEqual([]);
});

test('a server whose number has not been reached is being renewed', () => {
  expect(renewing({ s1: 1, s2: 0 }, ['s1', 's1/0', 's2', 's2/0'])).toEqual(['s1']);
});

test('a server whose renewal failed halfway still counts', () => {
  expect(renewing({ s1: 1, s2: 1 }, ['s1', 's2', 's2/0'])).toEqual(['s1', 's2']);
});

test('a further server of a cluster that is there is not a renewal', () => {
  expect(renewing({ s1: 0, s2: 0, s3: 0 }, ['s1', 's1/0'])).toEqual([]);
});

test('other machines than servers are called what they are', () => {
  const { text } = inStack((stack) => {
    const what = 'machine with NGINX';
    new Renewals(stack, 'renewals', {
      environment: environmentWith(),
      clusterName: 'management',
      wanted: { n1: 0 },
      what,
    });
  });
  expect(text).toContain('more than one machine with NGINX would be renewed in one apply: ');
});

test('two at once are refused by name, before anything is planned', () => {
  const stack = synth({ s1: 0, s2: 0 });
  expect(only(stack.resource, 'terraform_data')).toMatchObject({
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

test('what has been reached is read without waiting for any resource', () => {
  const found = only(synth({ s1: 0 }).data, 'aws_ssm_parameters_by_path');
  expect(found).toMatchObject({ path: RECORDS, recursive: true, with_decryption: false });
  expect(found).not.toHaveProperty('depends_on');
});

test('a server has a record for good and one for the number it has reached', () => {
  const { resource } = synth({ s1: 4 });
  expect(only(resource, 'aws_ssm_parameter', 'renewals_s1-number')).toMatchObject({ name: `${RECORDS}/s1/4` });
  expect(only(resource, 'aws_ssm_parameter', 'renewals_s1_')).toMatchObject({ name: `${RECORDS}/s1` });
});
