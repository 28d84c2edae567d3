import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packBundle } from '../../../constructs/bootstrap/bundle-archive';

const userdata = join(__dirname, '..', '..', '..', 'userdata');

describe('the bootstrap bundle', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'drover-bundle-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const copyOfUserdata = (): string => {
    const copy = join(folder, 'copy');
    cpSync(userdata, copy, { recursive: true });
    return copy;
  };

  test('has the same checksum wherever and whenever it is packed', () => {
    const copy = copyOfUserdata();
    utimesSync(join(copy, 'run.sh'), 1, 1);
    expect(packBundle(copy).sha256).toBe(packBundle(userdata).sha256);
  });

  test('has another checksum when a script changes', () => {
    const copy = copyOfUserdata();
    writeFileSync(join(copy, 'steps', '10-host.sh'), 'changed');
    expect(packBundle(copy).sha256).not.toBe(packBundle(userdata).sha256);
  });

  test('keeps its checksum when only what reaches machines otherwise changes', () => {
    const copy = copyOfUserdata();
    for (const name of ['README.md', 'fetch.sh', 'fetch-azure.sh', 'await-ready.sh']) {
      writeFileSync(join(copy, name), 'changed');
    }
    expect(packBundle(copy).sha256).toBe(packBundle(userdata).sha256);
  });

  test('is unpacked by tar to the same files, scripts executable', () => {
    const { bytes, files } = packBundle(userdata);
    const archive = join(folder, 'bundle.tar');
    writeFileSync(archive, bytes);
    const listing = execFileSync('tar', ['--list', '--verbose', '--numeric-owner', '--utc', '--file', archive], {
      encoding: 'utf8',
    });
    const lines = listing.trimEnd().split('\n');
    expect(lines.map((it) => it.split(/\s+/).at(-1))).toEqual(files);
    expect(lines.find((it) => it.endsWith(' run.sh'))).toMatch(/^-rwxr-xr-x 0\/0 +\d+ 1970-01-01 00:00 run\.sh$/);
    expect(lines.find((it) => it.endsWith(' lib/json_get.py'))).toMatch(/^-rw-r--r-- 0\/0 /);
    const unpacked = execFileSync('tar', ['--extract', '--to-stdout', '--file', archive, 'steps/80-health.sh'], {
      encoding: 'utf8',
    });
    expect(unpacked).toContain('node_is_ready');
  });

  test('lists its files sorted', () => {
    const { files } = packBundle(userdata);
    expect([...files].sort()).toEqual(files);
    expect(files).toContain('steps/60-rke2-server.sh');
    expect(files).not.toContain('fetch.sh');
    expect(files).not.toContain('fetch-azure.sh');
  });

  test('refuses a folder without a runner', () => {
    expect(() => packBundle(folder)).toThrow(
      `no 'run.sh' in the bootstrap folder '${folder}'; give the project's 'userdata' folder`,
    );
  });

  test('holds scripts from elsewhere as they are, among its own', () => {
    const file = join(folder, 'ca.sh');
    writeFileSync(file, 'echo hook\n');
    const bundle = packBundle(userdata, [{ path: 'hooks/before/01-ca.sh', file }]);
    const archive = join(folder, 'bundle.tar');
    writeFileSync(archive, bundle.bytes);
    const tar = (...options: string[]): string =>
      execFileSync('tar', [...options, '--file', archive, 'hooks/before/01-ca.sh'], { encoding: 'utf8' });
    expect(tar('--extract', '--to-stdout')).toBe('echo hook\n');
    expect(tar('--list', '--verbose')).toMatch(/^-rwxr-xr-x /);
    expect([...bundle.files].sort()).toEqual(bundle.files);
    expect(bundle.sha256).not.toBe(packBundle(userdata).sha256);
  });

  test('refuses a script that is not there', () => {
    const file = join(folder, 'gone.sh');
    expect(() => packBundle(userdata, [{ path: 'hooks/after/01-gone.sh', file }])).toThrow(
      `no file '${file}' for the bootstrap bundle; add it, or leave it out of the 'hooks' that name it`,
    );
  });

  test('refuses a path that a tar header cannot hold', () => {
    const name = `${'x'.repeat(100)}.sh`;
    writeFileSync(join(folder, 'run.sh'), '');
    writeFileSync(join(folder, name), '');
    expect(() => packBundle(folder)).toThrow(
      `path '${name}' in the bootstrap bundle has 103 bytes, at most 100 are allowed (ustar name field, POSIX.1-1988); shorten it`,
    );
  });
});
