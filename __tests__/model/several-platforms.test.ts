import { azureSiteOf, dnsOf, domainOf, domainOfCluster, secretsOf, vaultOf, zabbixKeyOf } from '../../model/lookup';
import type { Environment } from '../../model/environment';
import { loadApps } from '../../model/release/app';
import { releasesIn } from '../../model/release/app-release';
import { productionWith } from './production';

const production = productionWith();

/** What is wrong with the environment after some changes, without the places in the file. */
function problemsOf(...changes: Parameters<typeof productionWith>): string[] {
  try {
    productionWith(...changes);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return error.message.split('\n').map((line) => line.replace(/^\S+ /, ''));
  }
  return [];
}

const WEU_DNS = /    dns:\n      zone: weu[^\n]*\n[^\n]*\n/;
const WEU_SECRETS = /    secrets:\n      kind: keyvault\n[^]*?allowedCidrs: \[203.0.113.0\/24\]\n/;
const PARIS_DNS = /    dns:\n      zone: paris[^]*?manual: true\n/;
const PARIS_SECRETS = /    secrets:\n      kind: vault\n[^\n]*\n/;
const TAGS = '  cost-center: platform\n';

describe('where secrets lie', () => {
  test('is said by the site, else by the environment for stores of that kind, else by the platform', () => {
    expect(['eu', 'weu', 'paris'].map((site) => secretsOf(production, site).kind)).toEqual([
      'ssm',
      'keyvault',
      'vault',
    ]);
    const shared: Environment = {
      ...production,
      secrets: { kind: 'keyvault', nameSuffix: 'x', allowedCidrs: [] },
    };
    expect(secretsOf(shared, 'weu')).toMatchObject({ nameSuffix: '1' });
    const { secrets, ...weu } = azureSiteOf(production, 'weu');
    expect(secrets).toMatchObject({ kind: 'keyvault', nameSuffix: '1' });
    const sites = { ...production.sites, weu };
    expect(secretsOf({ ...shared, sites }, 'weu')).toMatchObject({ nameSuffix: 'x' });
    expect(secretsOf({ ...shared, sites }, 'eu')).toEqual({ kind: 'ssm' });
    expect(vaultOf(production, 'paris').address).toBe('https://vault.paris.example.com:8200');
  });

  test('may be said for all sites of a platform at once', () => {
    expect(problemsOf([WEU_SECRETS, ''], ['\ntags:', '\nsecrets: { kind: keyvault }\n\ntags:'])).toEqual([]);
  });

  test('must be said where hosts stand', () => {
    expect(problemsOf([PARIS_SECRETS, ''])).toEqual([
      'sites.paris.secrets: is missing: sites on metal have no store of their own, name a Vault that exists',
    ]);
  });

  test('must be a store of the platform of the site', () => {
    expect(problemsOf([WEU_SECRETS, '    secrets: { kind: ssm }\n'])).toEqual([
      'sites.weu.secrets.kind: "ssm" is not allowed: must be "keyvault", the store of Azure',
    ]);
  });

  test('is refused where no site hears it', () => {
    expect(problemsOf(['\ntags:', '\nsecrets: { kind: keyvault }\n\ntags:'])).toEqual([
      'secrets.kind: "keyvault" is not allowed: must be "ssm", the store of the sites',
    ]);
    expect(
      problemsOf([WEU_SECRETS, ''], ['\ntags:', '\nsecrets: { kind: vault, address: https://v.example.com }\n\ntags:']),
    ).toEqual(['secrets.kind: "vault" is not allowed: must be "ssm" or "keyvault", a store of the sites']);
  });
});

describe('names', () => {
  test("are those of the site; of an imported member the environment's", () => {
    expect(['eu', 'weu', 'paris'].map((site) => domainOf(production, site))).toEqual([
      'production.example.com',
      'weu.production.example.com',
      'paris.production.example.com',
    ]);
    expect(dnsOf(production, 'eu')).toBe(production.dns);
    expect(dnsOf(production, 'weu').resourceGroup).toBe('example-dns');
    expect(domainOfCluster(production, 'books')).toBe('production.example.com');
    expect(domainOfCluster(production, 'shop-branch')).toBe('paris.production.example.com');
  });

  test("need a zone of the site's own where the environment's lies with another platform", () => {
    expect(problemsOf([WEU_DNS, ''], [PARIS_DNS, ''])).toEqual([
      'sites.weu.dns: is missing: site "weu" is on Azure, and the zone of the environment lies in Route 53: name a zone of its own, and a domain in it',
      'sites.paris.dns: is missing: site "paris" is on metal, and the zone of the environment lies in Route 53: name a zone of its own, and a domain in it',
    ]);
  });

  test("hold a site's own zone to what an environment's is held to", () => {
    expect(problemsOf(['      resourceGroup: example-dns\n', ''])).toEqual([
      'sites.weu.dns.resourceGroup: is missing: sites on Azure have an Azure DNS zone',
    ]);
    expect(problemsOf(['      manual: true\n', ''])).toEqual([
      'sites.paris.dns.manual: false is not allowed: must be true: no records are written on metal, the output "names" says which there must be',
    ]);
    expect(problemsOf(['domain: weu.production.example.com', 'domain: west.production.example.com'])).toEqual([
      'sites.weu.domain: "west.production.example.com" is not allowed: must lie in sites.weu.dns.zone ("weu.production.example.com")',
    ]);
    expect(problemsOf(['    domain: weu.production.example.com\n', ''])).toContain(
      'sites.weu.dns.zone: "weu.production.example.com" is not allowed: must hold "production.example.com", or set "sites.weu.domain" to one in it',
    );
    expect(
      problemsOf(['      resourceGroup: example-dns\n', '      resourceGroup: example-dns\n      public: false\n']),
    ).toEqual([
      'clusters.shop-west.web.exposure: "public" is not allowed: must be "internal", or sites.weu.dns.public true: nobody outside resolves a name in a private zone',
    ]);
  });

  test('of a site that people write may stand in the zone of the environment', () => {
    expect(
      problemsOf(['zone: paris.production.example.com\n      public: false', 'zone: production.example.com']),
    ).toEqual([]);
  });

  test("of Rancher lie in the zone of its cluster's site", () => {
    const own = '    nat: perZone\n    dns: { zone: eu.example.com }\n    domain: eu.example.com\n    flowLog';
    expect(problemsOf(['    nat: perZone\n    flowLog', own])).toEqual([
      'management.hostname: "rancher.production.example.com" is not allowed: must be a name below sites.eu.dns.zone ("eu.example.com")',
    ]);
  });
});

test('keys of tags are good for every platform that occurs', () => {
  expect(problemsOf([TAGS, '  team/cost: platform\n'])).toEqual([
    'tags["team/cost"]: key "team/cost" is not allowed: must have none of < > % & \\ ? / on Azure',
  ]);
});

describe('the key by which Zabbix is spoken with', () => {
  test('lies in the store of each site', () => {
    expect(['eu', 'weu', 'paris'].map((site) => zabbixKeyOf(production, site)?.kind)).toEqual([
      'ssm',
      'keyvault',
      'vault',
    ]);
  });

  test("must be named where the environment's can't be read", () => {
    expect(problemsOf(['    zabbixKey: keyvault:zabbix-psk\n', ''])).toEqual([
      "sites.weu.zabbixKey: is missing: must be a secret of the site's Key Vault (keyvault:name): machines read it by their own identity",
    ]);
    expect(problemsOf(['zabbixKey: keyvault:zabbix-psk', 'zabbixKey: ssm:/zabbix'])).toEqual([
      'sites.weu.zabbixKey: "[secret ssm]" is not allowed: must be a secret of the site\'s Key Vault (keyvault:name): machines read it by their own identity',
    ]);
  });
});

test('an imported member is reached by what lies in the store of the management site', () => {
  expect(problemsOf(['token: ssm:/drover/production/books/token', 'token: keyvault:books'])).toEqual([
    'clusters.books.api.token: "[secret keyvault]" is not allowed: must be an SSM parameter (ssm:/path): it is read from the store of the environment',
  ]);
});

test('one application has a name, and reads its secret, where each of its clusters stands', () => {
  const apps = loadApps('releases/apps');
  const placed = ['shop', 'shop-west', 'shop-branch', 'books'].map((cluster) =>
    releasesIn(apps, { environment: production, cluster }).map(({ values, secrets }) => [
      (values['ingress'] as { host: string }).host,
      secrets['PAYMENT_KEY']?.kind,
    ]),
  );
  expect(placed).toEqual([
    [['storefront.shop.production.example.com', 'ssm']],
    [['storefront.shop-west.weu.production.example.com', 'keyvault']],
    [['storefront.shop-branch.paris.production.example.com', 'vault']],
    [],
  ]);
});
