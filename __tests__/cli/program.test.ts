import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { z } from 'zod';
import { acquireLock } from '../../rehearsal/lock';
import { Workspace } from '../../rehearsal/workspace';
import { TestProject } from '../rehearsal/support/project';
import { drover } from './support/drover';

const project = new TestProject();
beforeAll(() => project.linkRepository());
afterAll(() => project.remove());

describe('the command line', () => {
  test.each(['validate', 'schema', 'inventory', 'prepare', 'rehearse', 'review'])(
    'the help of %s has an example and the exit codes',
    async (command) => {
      const { code, out } = await drover(project, [command, '--help']);
      expect(code).toBe(0);
      expect(out).toMatch(new RegExp(`Examples?:\\n  drover ${command}`));
      expect(out).toContain(
        'Exit codes: 0 done, 1 failed, 2 bad usage or input, 3 a prerequisite is missing, 4 another run holds',
      );
    },
  );

  test.each(['--version', '-V'])('%s is that of the package', async (option) => {
    const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync('package.json', 'utf8')));
    expect(await drover(project, [option])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  test.each([
    [['rehearse', 'dev', '--plan', '--down'], "drover: '--plan' and '--down' exclude each other; say one of them\n"],
    [
      ['rehearse', 'dev', '--down', '--fail', 'aws_vpc=1'],
      "drover: '--fail' and '--down' exclude each other; say one of them\n",
    ],
    [
      ['rehearse', 'dev', '--detailed-exitcode'],
      "drover: '--detailed-exitcode' means something only together with '--plan'\n",
    ],
    [['rehearse', 'dev', '--parallelism', '0'], "drover: '--parallelism 0' must be a whole number of 1 or more\n"],
    [
      ['inventory', 'dev', '--json', '--ansible'],
      "drover: '--json' and '--ansible' exclude each other; say one of them\n",
    ],
    [['schema', '--check', '--out', 'x'], "drover: '--check' and '--out' exclude each other; say one of them\n"],
    [['rehearse'], "error: missing required argument 'environment'\n"],
    [['rehearse', 'dev', '--paln'], "error: unknown option '--paln'\n(Did you mean --plan?)\n"],
  ])('%j is refused in a sentence', async (argv, message) => {
    expect(await drover(project, argv)).toEqual({ code: 2, out: '', err: message });
  });
});

describe('an environment that is not right', () => {
  const broken = new TestProject();
  afterAll(() => broken.remove());
  const dir = path.relative('', broken.file('environments'));
  broken.write('environments/dev.yaml', 'name: dev\ndomain: [oops\n');
  mkdirSync(broken.file('environments', 'folder.yaml'));

  test.each(['validate', 'rehearse', 'inventory', 'prepare'])(
    '%s names the place of a syntax error',
    async (command) => {
      const { code, err } = await drover(broken, [command, 'dev']);
      expect(code).toBe(2);
      expect(err).toMatch(new RegExp(`${dir}/dev.yaml:\\d+:\\d+ `));
    },
  );

  test('a name that does not exist is told with those that do', async () => {
    const { code, err } = await drover(broken, ['rehearse', 'prod']);
    expect([code, err]).toEqual([2, `drover: no environment 'prod' in '${dir}': known are 'dev', 'folder'\n`]);
  });

  test('a folder in the place of a file is told so', async () => {
    const { code, err } = await drover(broken, ['rehearse', 'folder']);
    expect([code, err]).toEqual([2, `drover: cannot read environment '${dir}/folder.yaml': it is a directory\n`]);
  });
});

describe('a machine that is not ready', () => {
  test('without Terraform a rehearsal says where to get it', async () => {
    const { code, err } = await drover(project, ['rehearse', 'dev'], { env: project.env('alone') });
    expect(code).toBe(3);
    expect(err).toContain("drover: 'terraform' is not on the PATH; Terraform >= 1.11 is needed");
  });

  test('a second rehearsal of one environment is refused', async () => {
    const workspace = new Workspace(project.root, 'dev');
    workspace.create();
    const lock = acquireLock(workspace.lock, 'dev');
    const { code, err } = await drover(project, ['rehearse', 'dev', '--down']);
    lock.release();
    expect(code).toBe(4);
    expect(err).toContain(`drover: a rehearsal of 'dev' is running since `);
  });

  test('a folder that cannot be written is named', async () => {
    const full = new TestProject();
    full.linkRepository();
    full.write('.drover', 'a file in the place of the folder');
    const { code, err } = await drover(full, ['rehearse', 'dev']);
    expect([code, err]).toEqual([
      3,
      `drover: cannot write '${full.file('.drover/rehearsal/dev')}': a part of its path is a file; the rehearsal keeps its files there, so give it space and permission\n`,
    ]);
    full.remove();
  });

  test('a program that fails is told by its own words', async () => {
    project.write('stacks.json', '{"dev-x": ');
    const { code, err } = await drover(project, ['inventory', 'dev']);
    expect(code).toBe(1);
    expect(err).toMatch(
      /^drover: the program could not be synthesized: SyntaxError: .* \(all of it in '\.drover\/inventory\/dev\.txt'\)\n$/,
    );
  });
});

describe('schema', () => {
  test('writes both files, and --check tells when the committed ones differ', async () => {
    expect((await drover(project, ['schema', '--check'])).err).toContain(
      "'docs/reference/environment.schema.json' is not what the schema says now; run 'drover schema --out docs/reference'",
    );
    const { out } = await drover(project, ['schema', '--out', 'docs/reference']);
    expect(out).toBe('docs/reference/environment.schema.json\ndocs/reference/environment.md\n');
    expect(existsSync(project.file('docs/reference/environment.md'))).toBe(true);
    expect(await drover(project, ['schema', '--check'])).toEqual({ code: 0, out: '', err: '' });
  });

  test('prints the JSON Schema, or the page', async () => {
    const schema: unknown = JSON.parse((await drover(project, ['schema'])).out);
    expect(schema).toMatchObject({ title: 'Drover environment', type: 'object' });
    expect((await drover(project, ['schema', '--markdown'])).out).toContain('servers');
  });
});

describe('validate', () => {
  test('names a folder that is not there', async () => {
    const { code, err } = await drover(project, ['validate'], { env: { ...project.env(), RELEASES_DIR: 'nowhere' } });
    const folder = path.relative('', project.file('nowhere'));
    expect(code).toBe(2);
    expect(err).toContain(
      `cannot read the applications in '${folder}/apps': it does not exist; it is the folder 'apps'`,
    );
  });

  test('says what is right', async () => {
    const { code, out } = await drover(project, ['validate', 'dev']);
    expect(code).toBe(0);
    expect(out).toMatch(/dev\.yaml: ok \(1 site, 2 clusters, 7 stacks\)\n/);
  });

  test('gives every problem to a program, with its place', async () => {
    const wrong = new TestProject();
    wrong.write('environments/dev.yaml', 'name: other\nunknown: 1\n');
    const { code, out } = await drover(wrong, ['validate', '--json'], {
      env: { ...wrong.env(), RELEASES_DIR: project.file('releases') },
    });
    expect(code).toBe(2);
    const found = JSON.parse(out) as { problems: { path: string; line: number }[] };
    expect(found).toMatchObject({ ok: false, environments: [] });
    expect(found.problems.length).toBeGreaterThan(3);
    expect(found.problems).toContainEqual(expect.objectContaining({ path: 'unknown', line: 2 }));
    wrong.remove();
  });
});
