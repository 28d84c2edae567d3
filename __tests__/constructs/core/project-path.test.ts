import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectPath } from '../../../constructs/core/project-path';

const project = process.cwd();

afterEach(() => {
  process.chdir(project);
});

test('a file of the project is found from a folder below its root', () => {
  process.chdir(join(project, 'constructs', 'aws'));
  expect(projectPath('userdata', 'lib.sh')).toBe(join(project, 'userdata', 'lib.sh'));
  expect(existsSync(projectPath('cdktf.json'))).toBe(true);
});

test('outside a project it says where it looked', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'no-project-')));
  process.chdir(folder);
  expect(() => projectPath('userdata')).toThrow(
    `no 'cdktf.json' in '${folder}' or above it; run Drover inside its project`,
  );
  process.chdir(project);
  rmSync(folder, { recursive: true });
});
