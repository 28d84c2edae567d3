import { Testing } from 'cdktf';
import { NetworkStack } from '../../stacks/network-stack';
import { synthesized, type Synthesized } from '../support/synth';
import { environmentWith } from '../constructs/aws/network-fixture';

const stack = (): Synthesized =>
  synthesized(new NetworkStack(Testing.app(), environmentWith({ tags: { owner: 'platform' } }), 'eu'));

test('the state lies in the bucket of the environment under the name of the stack', () => {
  expect(JSON.parse(stack().text)).toMatchObject({
    terraform: { backend: { s3: { bucket: 'acme-drover', key: 'dev/dev-eu-network.tfstate', use_lockfile: true } } },
  });
});

test('everything is tagged with where it is and with the tags of the environment, and with no cluster', () => {
  expect(JSON.parse(stack().text)).toMatchObject({
    provider: {
      aws: [
        {
          region: 'eu-west-1',
          default_tags: [
            {
              tags: { owner: 'platform', 'drover:cloud': 'aws', 'drover:env': 'dev', 'drover:region': 'eu-west-1' },
            },
          ],
        },
      ],
    },
  });
  expect(stack().text).not.toContain('drover:cluster');
});

test('a site that the environment does not have is refused by name', () => {
  expect(() => new NetworkStack(Testing.app(), environmentWith(), 'us')).toThrow(/no site 'us': known are 'eu'/);
});

test('no address in the state holds the name of the environment', () => {
  const { resource } = stack();
  const names = Object.values(resource).flatMap((blocks) => Object.keys(blocks));
  expect(names.filter((name) => /dev|eu-west/.test(name))).toEqual([]);
});
