import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { Testing } from 'cdktf';
import { loadEnvironment, type Environment } from '../../model/environment';
import { importedMembers } from '../../model/lookup';
import { loadApps } from '../../model/release/app';
import { SecretRef } from '../../model/secret-ref';
import { AppsStack } from '../../stacks/apps-stack';
import { composeEnvironment } from '../../stacks/compose-environment';
import { ImportedClusterStack } from '../../stacks/imported-cluster-stack';
import { ServicesStack } from '../../stacks/services-stack';
import { withShop } from '../constructs/azure/fixture';
import { only } from '../support/synth';
import { environmentWith, addresses, parsed } from '../constructs/kubernetes/support';

const secret = (name: string): { name: string; handle: string; region: string } => ({
  name: `/drover/dev/management/${name}`,
  handle: `arn:aws:ssm:eu-west-1:1:parameter/drover/dev/management/${name}`,
  region: 'eu-west-1',
});
const rancher = { url: 'https://rancher.dev.example.com', adminToken: secret('rancher-admin-token') };
const caCertificates = secret('rancher-ca');
const api = { endpoint: 'https://erp.example.com:6443', token: 'ssm:/erp/token' };

function environmentOf(changes: object = {}): Environment {
  const erp = {
    kind: 'imported',
    cloud: 'alibaba',
    region: 'cn-hangzhou',
    labels: { tier: 'shop' },
    api,
    web: { allowedCidrs: ['203.0.113.0/24'] },
    ...changes,
  };
  return environmentWith({ clusters: { erp } });
}
const environment = environmentOf();

function stackOf(changes: object = {}, handover: object = rancher): ReturnType<typeof parsed> {
  const props = { rancher: { ...rancher, ...handover } };
  return parsed(Testing.synth(new ImportedClusterStack(Testing.app(), environmentOf(changes), 'erp', props), true));
}

const names = (addresses: readonly string[]): string[] => addresses.map((it) => it.replace(/_[0-9A-F]{8}$/, ''));

describe('the stack of a cluster that others made', () => {
  test('is a cluster in Rancher, an agent in it, and the wait until it is active', () => {
    expect(names(addresses(stackOf()))).toEqual([
      'data.aws_caller_identity.account',
      'data.aws_partition.partition',
      'ephemeral.aws_ssm_parameter.api-token',
      'ephemeral.aws_ssm_parameter.rancher-token',
      'helm_release.agent_release',
      'rancher2_cluster.member_cluster',
      'rancher2_cluster_sync.active',
    ]);
  });

  test('makes the cluster under its name and labels, and leaves alone what Rancher finds out', () => {
    expect(only(stackOf().resource, 'rancher2_cluster')).toMatchObject({
      name: 'erp',
      labels: { tier: 'shop', 'drover/cloud': 'alibaba', 'drover/region': 'cn-hangzhou', 'drover/cluster': 'erp' },
      lifecycle: { ignore_changes: ['labels["provider.cattle.io"]'] },
    });
    expect(only(stackOf().resource, 'rancher2_cluster')).not.toHaveProperty('driver');
  });

  test("speaks with the cluster's own API by a token that is opened for this run", () => {
    expect(stackOf().provider?.['helm']).toEqual([
      { kubernetes: { host: api.endpoint, token: '${local.api-token-value}' } },
    ]);
  });

  test('trusts the certificates that lie in the store', () => {
    const { provider, text } = stackOf({ api: { ...api, ca: 'ssm:/erp/ca' } });
    expect(provider?.['helm']).toMatchObject([{ kubernetes: { cluster_ca_certificate: '${local.api-ca-value}' } }]);
    expect(text).toContain('parameter/erp/ca');
  });

  test('trusts the certificates that lie in this repository, and only certificates', () => {
    const folder = 'dist/certificates';
    const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    mkdirSync(folder, { recursive: true });
    try {
      writeFileSync(`${folder}/erp.pem`, pem);
      writeFileSync(`${folder}/empty.pem`, 'nothing');
      const { provider } = stackOf({ api: { ...api, ca: `${folder}/erp.pem` } });
      expect(provider?.['helm']).toMatchObject([{ kubernetes: { cluster_ca_certificate: pem } }]);
      expect(() => stackOf({ api: { ...api, ca: `${folder}/empty.pem` } })).toThrow(
        `'${folder}/empty.pem' holds no certificate; give it certificates in PEM`,
      );
      expect(() => stackOf({ api: { ...api, ca: `${folder}/none.pem` } })).toThrow(
        `no file '${folder}/none.pem' in this repository; add it, or name another`,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('hands the agent the token as a write-only value, and says which Rancher it is', () => {
    const release = only(stackOf({ registrationVersion: 3 }).resource, 'helm_release');
    expect(release).toMatchObject({
      name: 'rancher-agent',
      namespace: 'kube-system',
      set_wo: [{ name: 'token', value: expect.stringMatching(/cluster_registration_token\[0\]\.token/) as string }],
      set_wo_revision: 3,
    });
    expect(release['values']).toEqual([
      'url: https://rancher.dev.example.com\nimage:\n  tag: v2.14.4\n',
      expect.stringContaining('"cloud" = "alibaba"'),
    ]);
    expect(release['chart']).toMatch(/^\$\{path\.module\}\/assets\/chart\//);
  });

  test("tells the agent the checksum of Rancher's own CA, as Rancher counts it", () => {
    const { set_wo: values } = only(stackOf({}, { caCertificates }).resource, 'helm_release');
    expect(values).toContainEqual({
      name: 'caChecksum',
      value: '${sha256(join("", [trimsuffix(local.rancher-ca-value, "\\n"), "\\n"]))}',
    });
  });

  test('waits until the agent has made the cluster active', () => {
    expect(only(stackOf().resource, 'rancher2_cluster_sync')).toMatchObject({
      depends_on: [expect.stringMatching(/^helm_release\.agent_release_/)],
    });
  });

  test('refuses secrets that lie where nobody reads, and clusters of ours', () => {
    const { erp } = importedMembers(environment);
    if (erp === undefined) throw new Error("the test's environment has no cluster 'erp'");
    const odd = { ...erp, api: { ...erp.api, token: SecretRef.parse('env:ERP_TOKEN') } };
    const elsewhere = { ...environment, clusters: { erp: odd } };
    expect(() => new ImportedClusterStack(Testing.app(), elsewhere, 'erp', { rancher })).toThrow(
      "'api.token' of cluster 'erp' lies in 'env', which has no reader in this environment; use 'ssm:/path'",
    );
    expect(() => new ImportedClusterStack(Testing.app(), environment, 'shop', { rancher })).toThrow(
      "cluster 'shop' is not imported: Drover raises it on machines of its site",
    );
  });
});

test("on Azure the token is opened in the vault of the management cluster's site", () => {
  const { clusters } = environmentOf({ api: { ...api, token: 'ssm:/erp/token' } });
  const { erp } = importedMembers({ clusters });
  if (erp === undefined) throw new Error("the test's environment has no cluster 'erp'");
  const inVault = { ...erp, api: { ...erp.api, token: SecretRef.parse('keyvault:erp-token') } };
  const azure = { ...withShop({}), clusters: { erp: inVault } };
  const stack = parsed(Testing.synth(new ImportedClusterStack(Testing.app(), azure, 'erp', { rancher }), true));
  expect(only(stack.data, 'azurerm_key_vault')).toMatchObject({
    resource_group_name: expect.stringMatching(/^drover-staging-weu/) as string,
  });
  expect(stack.text).toContain('${data.azurerm_key_vault.vault.id}/secrets/erp-token');
});

describe('what stands on a cluster that others made', () => {
  const cluster = { rancherClusterId: 'c-12345' };

  test('are ingress and monitoring; volumes and scaling are its own', () => {
    const services = parsed(
      Testing.synth(new ServicesStack(Testing.app(), environment, 'erp', { rancher, cluster }), true),
    );
    expect(names(addresses(services)).filter((it) => it.startsWith('helm_release'))).toEqual([
      'helm_release.ingress_haproxy_release',
      'helm_release.monitoring_prometheus_release',
    ]);
    expect(services.provider?.['helm']).toMatchObject([
      { kubernetes: { host: 'https://rancher.dev.example.com/k8s/clusters/c-12345' } },
    ]);
    expect(services.text).toContain('\\"kubeEtcd\\" = {\\"enabled\\" = false}');
    expect(services.text).toContain('\\"loadBalancerSourceRanges\\" = [\\"203.0.113.0/24\\"]');
  });

  test('are no services where its data says so', () => {
    const off = environmentOf({ web: {}, services: { ingress: { enabled: false }, monitoring: { enabled: false } } });
    const stack = new ServicesStack(Testing.app(), off, 'erp', { rancher, cluster });
    expect(addresses(parsed(Testing.synth(stack, true))).filter((it) => it.startsWith('helm_'))).toEqual([]);
  });

  test("are applications, whose secrets lie in the management cluster's store", () => {
    const apps = loadApps('releases/apps');
    const stack = parsed(
      Testing.synth(new AppsStack(Testing.app(), environment, 'erp', { rancher, cluster, apps }), true),
    );
    expect(names(addresses(stack))).toContain('helm_release.storefront_app_release');
    expect(stack.text).toContain('arn:${data.aws_partition.partition.partition}:ssm:eu-west-1:');
  });
});

test('the networks of its agent are let into Rancher', () => {
  const app = Testing.app();
  composeEnvironment(app, environmentOf({ egressCidrs: ['198.51.100.0/24'] }), []);
  const servers = app.node.findChild('dev-management-servers') as ImportedClusterStack;
  expect(Testing.synth(servers)).toContain('198.51.100.0/24');
  expect(app.node.children.map(({ node }) => node.id)).toEqual(
    expect.arrayContaining(['dev-shop-cluster', 'dev-erp-cluster', 'dev-erp-services', 'dev-erp-apps']),
  );
});

test('on hosts of our own the token is opened in the Vault of the environment', () => {
  const lab = loadEnvironment('environments/lab.yaml');
  const { erp } = importedMembers(environment);
  if (erp === undefined) throw new Error("the test's environment has no cluster 'erp'");
  const inVault = { ...erp, api: { ...erp.api, token: SecretRef.parse('vault:drover/erp#token') } };
  const props = { rancher: { ...rancher, adminToken: { name: 'token', handle: 'drover/lab/token', region: 'vault' } } };
  const stack = new ImportedClusterStack(Testing.app(), { ...lab, clusters: { erp: inVault } }, 'erp', props);
  const { provider, ephemeral } = parsed(Testing.synth(stack, true));
  expect(Object.keys(ephemeral ?? {})).toEqual([expect.stringMatching(/^vault_/)]);
  expect(provider?.['helm']).toMatchObject([{ kubernetes: { host: api.endpoint } }]);
});
