import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TerraformOutput, TerraformStack, TerraformVariable, Testing } from 'cdktf';
import type { BootstrapEnv } from '../../../constructs/bootstrap/env';
import { renderUserData, type UserDataProps } from '../../../constructs/bootstrap/user-data';

const fetcher = join(__dirname, '..', '..', '..', 'userdata', 'fetch.sh');

const env: BootstrapEnv = {
  DROVER_ENV: 'dev',
  DROVER_CLOUD: 'aws',
  DROVER_REGION: 'eu-west-1',
  DROVER_CLUSTER: 'shop',
  DROVER_SITE: 'aws-eu',
  DROVER_ROLE: 'worker',
  BUNDLE_URL: 'https://example.org/bootstrap.tar?versionId=v1',
  BUNDLE_SHA256: 'abc',
  REGION: 'eu-west-1',
};

const props = (changes: Partial<UserDataProps> = {}): UserDataProps => ({
  env,
  steps: ['10-host', '80-health'],
  fetcher,
  limit: { bytes: 16384, source: 'https://example.org/limit' },
  what: "node group 'workers' of cluster 'shop'",
  ...changes,
});

/** Value of the variable that stands for what is known only at apply: with everything that breaks quoting. */
const UNKNOWN = `it's "q" \\ $\{HOME} %{x} end`;

interface Rendered {
  readonly synthesized: string;
  readonly stack: TerraformStack;
}

const render = (make: (token: string) => UserDataProps): Rendered => {
  const stack = new TerraformStack(Testing.app(), 'stack');
  const unknown = new TerraformVariable(stack, 'unknown', { type: 'string' });
  new TerraformOutput(stack, 'user-data', { value: renderUserData(make(unknown.stringValue)), staticId: true });
  return { synthesized: Testing.synth(stack, true), stack };
};

/** What Terraform makes of it. */
const evaluated = (synthesized: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'drover-user-data-'));
  const terraform = (...args: string[]): string =>
    execFileSync('terraform', args, {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: folder, CHECKPOINT_DISABLE: '1', TF_VAR_unknown: UNKNOWN },
    });
  try {
    writeFileSync(join(folder, 'main.tf.json'), synthesized);
    terraform('init', '-no-color');
    terraform('apply', '-auto-approve', '-no-color');
    return terraform('output', '-raw', 'user-data');
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** What `use` makes of a file that holds this text. */
const inFile = (text: string, use: (file: string) => string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'drover-user-data-'));
  try {
    const file = join(folder, 'file');
    writeFileSync(file, text);
    return use(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const isInstalled = (command: string): boolean => spawnSync(command, ['--version']).error === undefined;

interface CloudConfig {
  readonly write_files: readonly { path: string; permissions: string; encoding?: string; content: string }[];
  readonly runcmd: readonly (readonly string[])[];
}

const parsed = (userData: string): CloudConfig => JSON.parse(userData.slice(userData.indexOf('\n') + 1)) as CloudConfig;
const decoded = (config: CloudConfig, path: string): string => {
  const file = config.write_files.find((it) => it.path === path);
  return Buffer.from(file?.content ?? '', file?.encoding === 'b64' ? 'base64' : 'utf8').toString();
};

describe('user data, as Terraform evaluates it', () => {
  const { synthesized } = render((token) =>
    props({
      env: { ...env, NODE_LABELS: `o'neill=$\{x} "y" \\n %{z}`, TLS_SANS: token, DROVER_NODE: `pre-${token}-post` },
      files: [
        { path: '/etc/plain.yaml', content: 'a: "b"\n$\{c}\n', permissions: '0644' },
        { path: '/etc/token.yaml', content: `a: "${token}"\nb: '\\n'\n`, permissions: '0600' },
      ],
    }),
  );
  const userData = evaluated(synthesized);
  const config = parsed(userData);

  test('is a cloud-config that writes the settings and the fetcher and starts that', () => {
    expect(userData.split('\n')[0]).toBe('#cloud-config');
    expect(config.write_files.map(({ path, permissions }) => [path, permissions])).toEqual([
      ['/etc/drover/bootstrap.env', '0600'],
      ['/opt/drover/fetch.sh', '0700'],
      ['/etc/plain.yaml', '0644'],
      ['/etc/token.yaml', '0600'],
    ]);
    expect(config.runcmd).toEqual([['/opt/drover/fetch.sh']]);
  });

  test('holds the fetcher verbatim', () => {
    expect(decoded(config, '/opt/drover/fetch.sh')).toBe(readFileSync(fetcher, 'utf8'));
  });

  test('holds settings that a shell reads back unharmed, known at synth or not', () => {
    const read = inFile(decoded(config, '/etc/drover/bootstrap.env'), (file) =>
      execFileSync(
        'bash',
        ['-c', '. "$1"; printf "%s\\n" "$STEPS" "$NODE_LABELS" "$TLS_SANS" "$DROVER_NODE" "$REGION"', 'bash', file],
        { encoding: 'utf8' },
      ),
    );
    expect(read.trimEnd().split('\n')).toEqual([
      '10-host 80-health',
      `o'neill=$\{x} "y" \\n %{z}`,
      UNKNOWN,
      `pre-${UNKNOWN}-post`,
      'eu-west-1',
    ]);
  });

  test('holds further files unharmed, known at synth or not', () => {
    expect(decoded(config, '/etc/plain.yaml')).toBe('a: "b"\n$\{c}\n');
    expect(decoded(config, '/etc/token.yaml')).toBe(`a: "${UNKNOWN}"\nb: '\\n'\n`);
  });

  const testWithCloudInit = isInstalled('cloud-init') ? test : test.skip;
  testWithCloudInit('satisfies the schema of cloud-init', () => {
    const verdict = inFile(userData, (file) =>
      execFileSync('cloud-init', ['schema', '--config-file', file], { encoding: 'utf8' }),
    );
    expect(verdict).toMatch(/^Valid cloud-config/);
  });
});

describe('user data, as it is synthesized', () => {
  test('holds neither an absolute path of this machine nor an unresolved token', () => {
    const { synthesized } = render((token) => props({ env: { ...env, TLS_SANS: token } }));
    expect(synthesized).not.toContain(process.cwd());
    expect(synthesized).not.toContain('TfToken');
    expect(synthesized).toContain('/etc/drover/bootstrap.env');
  });

  test('lists settings in the order of the contract, whatever the order given', () => {
    const { REGION, ...others } = env;
    const one = render(() => props({ env: { REGION, ...others } }));
    const two = render(() => props({ env: { ...others, REGION } }));
    expect(one.synthesized).toBe(two.synthesized);
  });
});

describe('user data is refused', () => {
  test('when it may be larger than the platform takes, with what each part costs', () => {
    const files = [{ path: '/etc/big.yaml', content: 'x'.repeat(30000), permissions: '0600' }];
    const fetcherBytes = 4 * Math.ceil(readFileSync(fetcher).byteLength / 3) + 96;
    expect(() => renderUserData(props({ files }))).toThrow(
      new RegExp(
        "^user data of node group 'workers' of cluster 'shop' has \\d+ bytes, at most 16384 are allowed " +
          `\\(https://example\\.org/limit\\); settings: \\d+, fetcher: ${fetcherBytes}, /etc/big\\.yaml: 40096; ` +
          'shorten the largest part, or let a step fetch it$',
      ),
    );
  });

  test('when a value that is known only at apply could take it over the limit', () => {
    const exact = (changes: Partial<BootstrapEnv>): number => {
      try {
        renderUserData(props({ env: { ...env, ...changes }, limit: { bytes: 0, source: 'test' } }));
        return 0;
      } catch (error) {
        return Number(/has (\d+) bytes/.exec(String(error))?.[1]);
      }
    };
    const stack = new TerraformStack(Testing.app(), 'stack');
    const token = new TerraformVariable(stack, 'unknown', { type: 'string' }).stringValue;
    expect(exact({ TLS_SANS: token }) - exact({ TLS_SANS: '' })).toBe(256);
  });

  test('when a setting holds a line break', () => {
    expect(() => renderUserData(props({ env: { ...env, NODE_LABELS: 'a=b\nREGION=x' } }))).toThrow(
      `setting 'NODE_LABELS' of node group 'workers' of cluster 'shop' is "a=b\\nREGION=x"; control characters such as line breaks are not allowed, give one line of text`,
    );
  });

  test('when a setting is not one that a script reads', () => {
    const unknown = { ...env, NODE_LABLES: 'a=b' };
    expect(() => renderUserData(props({ env: unknown }))).toThrow(
      "setting 'NODE_LABLES' of node group 'workers' of cluster 'shop' is not one that the bootstrap knows; allowed are the names in 'userdata/README.md'",
    );
  });

  test('when a step lacks a setting', () => {
    expect(() => renderUserData(props({ steps: ['10-host', '20-data-disk'] }))).toThrow(
      "step '20-data-disk' of node group 'workers' of cluster 'shop' needs 'DATA_VOLUME_ID'",
    );
  });
});
