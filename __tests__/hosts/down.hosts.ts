import { spawnSync } from 'node:child_process';
import { drover, ensureUp, workspace } from './lab';

beforeAll(ensureUp);

test('taking it down leaves no process, mount, loop device or control group', () => {
  const { code, stderr } = drover('--down');
  if (code !== 0) throw new Error(stderr);
  const left = (command: string): string[] =>
    spawnSync('bash', ['-c', command], { encoding: 'utf8' })
      .stdout.split('\n')
      .filter((it) => it.includes(workspace.dir));
  expect(left('ps -eo args | grep -v grep')).toEqual([]);
  expect(left('cat /proc/mounts')).toEqual([]);
  expect(left('losetup --list --noheadings --output BACK-FILE')).toEqual([]);
  expect(
    spawnSync('bash', ['-c', 'ls -d /sys/fs/cgroup/*/drover-lab-* 2>/dev/null'], { encoding: 'utf8' }).stdout,
  ).toBe('');
});
