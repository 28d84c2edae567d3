import { checkHostPrerequisites } from '../../../rehearsal/hosts/prerequisites';
import { TestProject } from '../support/project';

const project = new TestProject();
afterAll(() => project.remove());
const root = { platform: 'linux', uid: 0, env: { PATH: project.file('bin') } };

test('hosts need Linux', () => {
  expect(() => checkHostPrerequisites({ ...root, platform: 'darwin' })).toThrow(
    "'--hosts' runs machines as systemd-nspawn hosts, which need Linux; this is 'darwin'; without '--hosts' a rehearsal runs anywhere",
  );
});

test('hosts need root', () => {
  expect(() => checkHostPrerequisites({ ...root, uid: 1000 })).toThrow(
    "'--hosts' needs root for namespaces, mounts and loop devices; run it with sudo, or leave '--hosts' out",
  );
});

test('all that is missing is named at once, with the packages that bring it', () => {
  for (const command of ['mmdebstrap', 'unshare', 'losetup', 'ip']) project.program(command, 'exit 0');
  expect(() => checkHostPrerequisites({ ...root, systemFolders: [] })).toThrow(
    "'--hosts' needs 'systemd-nspawn', 'mkfs.xfs': apt-get install --no-install-recommends systemd-container xfsprogs",
  );
});

test('a machine that has everything is taken', () => {
  for (const command of ['systemd-nspawn', 'mkfs.xfs']) project.program(command, 'exit 0');
  expect(() => checkHostPrerequisites({ ...root, systemFolders: [] })).not.toThrow();
});
