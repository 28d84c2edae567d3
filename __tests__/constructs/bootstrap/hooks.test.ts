import { hookFiles } from '../../../constructs/bootstrap/hooks';
import { projectPath } from '../../../constructs/core/project-path';
import { only } from '../../support/synth';
import { environmentWith, inStack, networkIn } from '../aws/network-fixture';

const bundleOf = (bootstrap: object): unknown =>
  only(inStack((stack) => networkIn(stack, environmentWith({ bootstrap }))).resource, 'aws_s3_object')['source_hash'];

test('hooks lie in the bundle in the order that the environment gives', () => {
  const hooks = { before: ['hooks/zebra.sh', 'tools/apple.sh'], after: ['hooks/zebra.sh'] };
  expect(hookFiles(environmentWith({ bootstrap: { hooks } }))).toEqual([
    { path: 'hooks/before/01-zebra.sh', file: projectPath('hooks', 'zebra.sh') },
    { path: 'hooks/before/02-apple.sh', file: projectPath('tools', 'apple.sh') },
    { path: 'hooks/after/01-zebra.sh', file: projectPath('hooks', 'zebra.sh') },
  ]);
});

test('hooks of one machine stand between those of the environment', () => {
  const hooks = { before: ['hooks/ca.sh'], after: ['hooks/audit.sh'] };
  const own = { before: ['hooks/files-user.sh'], after: ['hooks/nfs.sh'] };
  expect(hookFiles(environmentWith({ bootstrap: { hooks } }), own).map(({ path }) => path)).toEqual([
    'hooks/before/01-ca.sh',
    'hooks/before/02-files-user.sh',
    'hooks/after/01-nfs.sh',
    'hooks/after/02-audit.sh',
  ]);
});

test('an environment without hooks has none', () => {
  expect(hookFiles(environmentWith())).toEqual([]);
});

test('machines get another bundle with a hook, and an equal one without', () => {
  const hooked = bundleOf({ hooks: { before: ['tools/test.sh'] } });
  expect(hooked).not.toBe(bundleOf({}));
  expect(bundleOf({ hooks: {} })).toBe(bundleOf({}));
});

test('a hook that is not there is refused at synth', () => {
  expect(() => bundleOf({ hooks: { after: ['hooks/gone.sh'] } })).toThrow(
    `no file '${projectPath('hooks', 'gone.sh')}' for the bootstrap bundle; add it, or leave it out of the 'hooks' that name it`,
  );
});
