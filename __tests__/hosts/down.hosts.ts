import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { drover, ensureUp, workspace } from './lab';

beforeAll(ensureUp);

/** Names of all control groups of labs. */
const groups = (): string[] =>
  spawnSync('bash', ['-c', 'ls -d /sys/fs/cgroup/drover-lab-* /sys/fs/cgroup/*/drover-lab-* 2>/dev/null'], {
    encoding: 'utf8',
  })
    .stdout.trim()
    .split('\n')
    .map((it) => path.basename(it));

test('taking it down leaves no process, mount, loop device or control group', () => {
  const groupsBefore = groups();
  const { code, stderr } = drover('--down');
  if (code !== 0) throw new Error(stderr);
  const left = (command: string): string[] =>
    spawnSync('bash', ['-c', command], { encoding: 'utf8' })
      .stdout.split('\n')
      .filter((it) => it.includes(workspace.dir));
  expect(left('ps -eo args | grep -v grep')).toEqual([]);
  expect(left('cat /proc/mounts')).toEqual([]);
  expect(left('losetup --list --noheadings --output BACK-FILE')).toEqual([]);
  // Another lab of this machine, or one that was killed, has a group of its own.
  const group = `drover-lab-${createHash('sha256').update(path.join(workspace.dir, 'lab')).digest('hex').slice(0, 8)}`;
  expect(groupsBefore).toContain(group);
  expect(groups()).not.toContain(group);
});
