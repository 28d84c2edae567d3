import { readFileSync } from 'node:fs';
import { parseEnvironment } from '../../model/environment';
import { snapshotsOf } from '../../model/lookup';

const text = readFileSync('environments/production.yaml', 'utf8');

const storeOf = (keys: { accessKey: string; secretKey: string }): string =>
  Object.entries({ endpoint: 's3.example.com:9000', bucket: 'snapshots', ...keys })
    .map(([key, value]) => `      ${key}: ${value}\n`)
    .join('');
/** The example environment whose site has such a store. */
const withStore = (platform: string, store: string): string =>
  text.replace(`    platform: ${platform}\n`, `    platform: ${platform}\n    snapshots:\n${store}`);
const inVault = storeOf({ accessKey: 'vault:drover/shared/s3#access', secretKey: 'vault:drover/shared/s3#secret' });
const inKeyVault = storeOf({ accessKey: 'keyvault:s3-access', secretKey: 'keyvault:s3-secret' });

function problemsOf(changed: string): string[] {
  expect(changed).not.toBe(text);
  try {
    parseEnvironment(changed, 'production.yaml');
    return [];
  } catch (error) {
    return (error instanceof Error ? error.message : String(error))
      .split('\n')
      .map((it) => it.replace(/^production\.yaml:\d+:\d+ /, ''));
  }
}

test('a site on metal or Azure has a store of its own, if it names one', () => {
  const production = parseEnvironment(withStore('metal', inVault), 'production.yaml');
  expect(snapshotsOf(production, 'paris')).toMatchObject({ bucket: 'snapshots', region: 'us-east-1' });
  expect(['eu', 'weu'].map((site) => snapshotsOf(production, site))).toEqual([undefined, undefined]);
  expect(problemsOf(withStore('azure', inKeyVault))).toEqual([]);
});

test('its keys lie where machines of the site read secrets', () => {
  expect(problemsOf(withStore('azure', inVault))).toEqual(
    ['accessKey', 'secretKey'].map(
      (key) =>
        `sites.weu.snapshots.${key}: "[secret vault]" is not allowed: must be a secret of the site's Key Vault (keyvault:name): machines read it by their own identity`,
    ),
  );
  expect(problemsOf(withStore('metal', inKeyVault.replace('keyvault:s3-access', 'env:ACCESS')))).toEqual([
    'sites.paris.snapshots.accessKey: "[secret env]" is not allowed: must be a key of a secret in the environment\'s Vault (vault:mount/path#key): machines read it by their own identity',
    'sites.paris.snapshots.secretKey: "[secret keyvault]" is not allowed: must be a key of a secret in the environment\'s Vault (vault:mount/path#key): machines read it by their own identity',
  ]);
});

test('AWS has buckets of its own', () => {
  expect(problemsOf(withStore('aws', inVault)).join()).toContain('sites.eu.snapshots: unknown key');
});
