import { all, only, type Synthesized } from '../support/synth';
import { mixedWith } from '../constructs/mixed-fixture';
import { shopServices, shopStack as build } from './mixed-fixture';

interface Document {
  readonly provider: Record<string, Record<string, unknown>[]>;
  readonly output?: Record<string, { value: unknown }>;
  readonly terraform: { required_providers: Record<string, unknown> };
}
const documentOf = ({ text }: Synthesized): Document => JSON.parse(text) as Document;

const mixed = build(mixedWith(['workers', 'us', 'weu', 'dc1']));
const mixedDocument = documentOf(mixed);

test('each site is worked in by a configuration of its own, which goes by the name of the site', () => {
  expect(mixedDocument.provider).toMatchObject({
    aws: [{ region: 'eu-west-1' }, { alias: 'us', region: 'us-east-1' }],
    azurerm: [{ alias: 'weu' }],
    vault: [{ alias: 'dc1' }],
  });
  expect(mixedDocument.provider['aws']?.[0]).not.toHaveProperty('alias');
});

test('whatever is made in a site is made by its configuration, and nothing else is', () => {
  const blocks = Object.entries({ ...mixed.resource, ...mixed.data }).flatMap(([type, named]) =>
    Object.entries(named).map(([name, block]) => ({ type, name, provider: block['provider'] })),
  );
  const guests = blocks.filter(
    ({ type, name }) => /^guests_/.test(name) && !['terraform_data', 'terraform_remote_state'].includes(type),
  );
  expect(new Set(guests.map(({ name, provider }) => `${name.split('_')[1] ?? ''} ${String(provider)}`))).toEqual(
    new Set(['us aws.us', 'weu azurerm.weu', 'dc1 vault.dc1']),
  );
  expect(blocks.filter(({ name, provider }) => !/^guests_/.test(name) && provider !== undefined)).toEqual([]);
});

test('each site has the way in in a store of its own', () => {
  expect(all(mixed.resource, 'aws_ssm_parameter').map(({ name }) => name)).toEqual(
    expect.arrayContaining(['/drover/dev/shop/registration-token', '/drover/dev/shop/registration-token-us']),
  );
  expect(only(mixed.resource, 'azurerm_key_vault_secret', 'guests_weu_secrets_registration-token')).toMatchObject({
    name: 'shop--registration-token-weu',
    value_wo: expect.stringContaining('rancher2_cluster_v2'),
  });
  expect(only(mixed.resource, 'vault_kv_secret_v2', 'guests_dc1_secrets_registration-token')).toMatchObject({
    name: 'dev/shop/registration-token-dc1',
    data_json_wo: expect.stringContaining('rancher2_cluster_v2'),
  });
});

test('no cloud controller manager runs, because it would delete the nodes of the others', () => {
  const { rke_config: config } = only(mixed.resource, 'rancher2_cluster_v2') as { rke_config: Record<string, string> };
  expect(config).not.toHaveProperty('additional_manifest');
  expect(config['machine_global_config']).not.toContain('cloud-provider-name');
});

test('Rancher forgets no machine where one of them is a host', () => {
  const annotations = (of: Synthesized): unknown => only(of.resource, 'rancher2_cluster_v2')['annotations'];
  expect(annotations(mixed)).toBeUndefined();
  expect(annotations(build(mixedWith(['workers', 'us']), ['us']))).toEqual({
    'rke.cattle.io/delete-missing-custom-machines-after': '600s',
  });
});

test('the wait for the cluster is also for its guests', () => {
  const { depends_on: after } = only(mixed.resource, 'rancher2_cluster_sync');
  for (const group of ['guests_us_guests_groups_us', 'guests_weu_guests_groups_weu', 'guests_dc1_guests_groups_dc1']) {
    expect(after).toEqual(expect.arrayContaining([expect.stringContaining(group)]));
  }
});

test('volumes and autoscaler stay at home', () => {
  const services = shopServices(mixedWith(['workers', 'dc1']), ['dc1']);
  const valuesOf = (id: string): string => JSON.stringify(only(services.resource, 'helm_release', id)['values']);
  expect(valuesOf('autoscaler').match(/drover\/site/g)).toHaveLength(1);
  expect(valuesOf('volumes').match(/drover\/site/g)).toHaveLength(2);
  expect(valuesOf('volumes')).toContain('eu-west-1a');
});

test('what must be open between the sites is told, as an output', () => {
  expect(mixedDocument.output?.['links']?.value).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ from: '10.40.0.0/24', to: '10.20.0.0/16', protocol: 'tcp', ports: '9345' }),
      expect.objectContaining({ from: '10.20.0.0/16', to: '10.40.0.0/24', protocol: 'udp', ports: '8472' }),
      expect.objectContaining({ from: '10.40.0.0/24', to: '10.21.0.0/16', protocol: 'tcp', ports: '10250' }),
    ]),
  );
});

test('a cluster in one site has its cloud controller manager, and tells of no links', () => {
  const plain = build(mixedWith(['workers'], { links: [] }), []);
  expect(only(plain.resource, 'rancher2_cluster_v2')['rke_config']).toMatchObject({
    additional_manifest: expect.stringContaining('aws-cloud-controller-manager'),
  });
  expect(documentOf(plain).output ?? {}).not.toHaveProperty('links');
  expect(Object.keys(documentOf(plain).provider).sort()).toEqual(['aws', 'rancher2']);
});

test('a linked site stays configured without guests, so that those that it had can be destroyed', () => {
  const former = build(mixedWith(['workers']));
  expect(documentOf(former).provider).toMatchObject({ aws: [{}, { alias: 'us' }], azurerm: [{ alias: 'weu' }] });
  expect(Object.keys(former.resource['aws_ssm_parameter'] ?? {}).filter((it) => it.startsWith('guests_'))).toEqual([]);
  expect(only(former.resource, 'terraform_data', 'guests_dc1_guests_roster_guard')).toMatchObject({ input: [] });
});

test('no number became garbage and no reference stayed unresolved', () => {
  expect(mixed.text).not.toContain('e+298');
  expect(mixed.text).not.toContain('TfToken');
});
