import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BootstrapEnv } from '../../../constructs/bootstrap/env';
import { isSettingName, settingNames } from '../../../constructs/bootstrap/setting-names';
import { checkSettings, STEP_NEEDS } from '../../../constructs/bootstrap/step';

const userdata = join(__dirname, '..', '..', '..', 'userdata');
const stepNames = Object.keys(STEP_NEEDS).sort();
const script = (name: string): string => readFileSync(join(userdata, 'steps', `${name}.sh`), 'utf8');

const env: BootstrapEnv = {
  DROVER_ENV: 'dev',
  DROVER_CLOUD: 'aws',
  DROVER_REGION: 'eu-west-1',
  DROVER_CLUSTER: 'shop',
  DROVER_SITE: 'aws-eu',
  DROVER_ROLE: 'worker',
  BUNDLE_URL: 'https://example.org/bootstrap.tar',
  BUNDLE_SHA256: 'abc',
  REGION: 'eu-west-1',
};

describe('the steps of the bootstrap', () => {
  test('are exactly the scripts in userdata/steps', () => {
    const scripts = readdirSync(join(userdata, 'steps')).map((it) => it.replace(/\.sh$/, ''));
    expect(stepNames).toEqual(scripts.sort());
  });

  test.each(stepNames)('%s needs what its script requires first', (name) => {
    const required = /^ {2}require ([A-Z0-9_ ]+)$/m.exec(script(name))?.[1]?.split(' ') ?? [];
    expect(Object.entries(STEP_NEEDS).find(([it]) => it === name)?.[1]).toEqual(required);
  });

  test('a setting that a step lacks is refused before a machine is paid for', () => {
    expect(() => checkSettings(env, ['10-host', '90-complete'], "node group 'workers'")).toThrow(
      "step '90-complete' of node group 'workers' needs 'LIFECYCLE_HOOK', 'ASG_NAME', which are not set; set them or leave the step out",
    );
    expect(() => checkSettings(env, ['20-data-disk'], "server 's1'")).toThrow(
      "step '20-data-disk' of server 's1' needs 'DATA_VOLUME_ID', which is not set; set it or leave the step out",
    );
  });

  test('settings that are all there pass', () => {
    expect(() => checkSettings(env, ['10-host', '80-health'], 'it')).not.toThrow();
  });
});

describe('the settings of the bootstrap', () => {
  const readme = readFileSync(join(userdata, 'README.md'), 'utf8');
  const documented = new Set([...readme.matchAll(/`([A-Z][A-Z0-9_]{3,})`/g)].map((it) => it[1] ?? ''));

  test.each(settingNames())('%s stands in the README', (name) => {
    expect(documented).toContain(name);
  });

  test('every documented one is typed, but for those with a default that nobody needs to change', () => {
    const untyped = [...documented].filter((it) => !isSettingName(it)).sort();
    expect(untyped).toEqual(
      [
        'ABANDON',
        'API_DEADLINE_SEC',
        'CONTINUE',
        'DATA_DIRECTORIES',
        'DROVER_ROOT',
        'FETCH_DEADLINE_SEC',
        'IDENTITY_CACHE',
        'INSTALL_DEADLINE_SEC',
        'LEAVE_WATCH_SEC',
        'SECRET_DEADLINE_SEC',
        'STEPS',
        'STEP_TIMES',
        'TIME_DEADLINE_SEC',
        'VAULT_TOKEN_FILE',
      ].filter((it) => documented.has(it)),
    );
  });
});
