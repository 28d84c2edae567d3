import { TerraformStack, Testing } from 'cdktf';
import type { Environment } from '../../model/environment';
import { composeEnvironment } from '../../stacks/compose-environment';
import { clusterPlatform, managementPlatform, sitePlatform } from '../../stacks/environment-provider';
import { EnvironmentStack } from '../../stacks/environment-stack';
import { PrepareStack } from '../../stacks/prepare-stack';
import { inventory, synthesized, type Synthesized } from '../support/synth';
import { productionWith } from '../model/production';

/** What the tests read of a stack. */
interface Rendered extends Synthesized {
  readonly provider: Record<string, readonly Record<string, unknown>[]>;
  readonly ephemeral: Record<string, object>;
}

function rendered(stack: TerraformStack): Rendered {
  const result = synthesized(stack);
  const { provider, ephemeral = {} } = JSON.parse(result.text) as Partial<Rendered>;
  return { ...result, provider: provider ?? {}, ephemeral };
}

function composed(environment: Environment): (name: string) => Rendered {
  const app = Testing.app();
  composeEnvironment(app, environment, []);
  return (name) => {
    const stack = app.node.findChild(`production-${name}`);
    if (!TerraformStack.isStack(stack)) throw new Error(`'${name}' is no stack`);
    return rendered(stack);
  };
}

const CLOUDS = ['aws', 'azurerm', 'vault'];
const cloudsOf = ({ provider }: Rendered): string[] => Object.keys(provider).filter((it) => CLOUDS.includes(it));

const production = productionWith();
/** Rancher stands on Azure. */
const onAzure = productionWith(
  ['  site: eu\n  hostname: rancher.production', '  site: weu\n  hostname: rancher.weu.production'],
  [
    /instanceType: m7i.xlarge\n(.*\n){2}.*&ubuntu-aws (.*)/,
    'instanceType: Standard_D4s_v5\n      image: Canonical:ubuntu-24_04-lts:server:24.04.202606060',
  ],
  ['*ubuntu-aws', '&ubuntu-aws /aws/service/canonical/ubuntu/server/24.04/stable/20260714/amd64/hvm/ebs-gp3/ami-id'],
  [/ssm:\/drover\/production\/books\/token/, 'keyvault:books-token'],
  [/ssm:\/drover\/production\/books\/ca/, 'keyvault:books-ca'],
);

describe('a member on another platform than Rancher', () => {
  const stackOf = composed(production);

  test.each([
    ['shop', ['aws']],
    ['shop-west', ['aws', 'azurerm']],
    ['shop-branch', ['aws', 'vault']],
    ['books', ['aws']],
  ])('%s works with the platforms %j', (cluster, platforms) => {
    for (const kind of ['cluster', 'services', 'apps']) {
      expect(cloudsOf(stackOf(`${cluster}-${kind}`)).sort()).toEqual(platforms);
    }
  });

  test('works with that of its guests beside its own, in the stack of its machines alone', () => {
    expect(cloudsOf(stackOf('vision-cluster')).sort()).toEqual(['aws', 'vault']);
    for (const kind of ['services', 'apps']) expect(cloudsOf(stackOf(`vision-${kind}`))).toEqual(['aws']);
    expect(stackOf('vision-cluster').provider['vault']).toMatchObject([{ alias: 'paris' }]);
    expect(stackOf('vision-cluster').text).not.toContain('aws-cloud-controller-manager');
  });

  test('opens what Rancher handed over where Rancher stands, and carries its own identity there too', () => {
    const { ephemeral, provider } = stackOf('shop-west-cluster');
    expect(Object.keys(ephemeral)).toEqual(['aws_ssm_parameter']);
    expect(Object.keys(ephemeral['aws_ssm_parameter'] ?? {})).toEqual(['rancher-ca', 'rancher-token']);
    expect(provider['aws']).toMatchObject([
      { region: 'eu-west-1', default_tags: [{ tags: { 'drover:cluster': 'shop-west', 'drover:cloud': 'azure' } }] },
    ]);
    expect(provider['azurerm']).toMatchObject([{ subscription_id: '5f0c1e52-7a34-4a0d-9d51-3c0b7e6f1a90' }]);
  });

  test('keeps its registration in the store of its own site', () => {
    expect(Object.keys(stackOf('shop-west-cluster').resource['azurerm_key_vault_secret'] ?? {}).join()).toContain(
      'secrets_registration-token',
    );
    expect(Object.keys(stackOf('shop-branch-cluster').resource['vault_kv_secret_v2'] ?? {}).join()).toContain(
      'secrets_registration-token',
    );
  });

  test('lets its machines into Rancher, from wherever they come', () => {
    const { text } = stackOf('management-servers');
    for (const cidr of ['10.64.0.0/16', '10.72.0.0/16', '10.80.0.0/24', '198.51.100.16/28', '198.51.100.64/30']) {
      expect(text).toContain(`"${cidr}"`);
    }
    expect(text).toMatch(/azurerm_public_ip\.network_egress_nat-3_address_\w+\.ip_address/);
  });
});

describe('a member on AWS with Rancher on Azure', () => {
  const stackOf = composed(onAzure);

  test('works with both, and the tags of Azure stay off what is on AWS', () => {
    const { resource, provider, ephemeral } = stackOf('shop-cluster');
    expect(cloudsOf(stackOf('shop-cluster')).sort()).toEqual(['aws', 'azurerm']);
    expect(Object.keys(ephemeral)).toEqual(['azurerm_key_vault_secret']);
    expect(provider['aws']).toMatchObject([{ default_tags: [{ tags: { 'drover:cluster': 'shop' } }] }]);
    const blocks = Object.entries(resource).flatMap(([type, named]) =>
      type.startsWith('aws_') ? Object.values(named) : [],
    );
    expect(blocks.length).toBeGreaterThan(50);
    expect(blocks.filter(({ tags }) => typeof tags === 'object' && tags !== null && 'cost-center' in tags)).toEqual([]);
  });

  test('has its member of others opened there too', () => {
    expect(cloudsOf(stackOf('books-cluster'))).toEqual(['azurerm']);
    expect(stackOf('books-cluster').data).toHaveProperty('azurerm_key_vault');
  });
});

class AnyStack extends EnvironmentStack {
  public constructor(environment: Environment) {
    super(Testing.app(), 'any', environment);
  }
}

describe('a platform in a stack', () => {
  test('is configured once, however often it is asked for', () => {
    const stack = new AnyStack(production);
    for (const ask of [clusterPlatform, managementPlatform, clusterPlatform]) ask(stack, production, 'shop-west');
    expect(cloudsOf(rendered(stack)).sort()).toEqual(['aws', 'azurerm']);
    expect([...stack.platformSites]).toEqual([
      ['azure', 'weu'],
      ['aws', 'eu'],
    ]);
  });

  test('works in one site', () => {
    const two = productionWith([
      '  # Amsterdam',
      '  far: { platform: aws, region: us-east-1, cidr: 10.96.0.0/16 }\n\n  # Amsterdam',
    ]);
    const stack = new AnyStack(two);
    clusterPlatform(stack, two, 'shop');
    expect(() => sitePlatform(stack, two, 'far')).toThrow(
      "stack 'any' works on 'aws' in site 'eu', so it can't work in site 'far' too; make what stands there in a stack of its own",
    );
  });
});

test('what must exist before the first deploy is made where the states lie, and told of elsewhere', () => {
  const stack = new PrepareStack(Testing.app(), production);
  expect(inventory(synthesized(stack)).filter((it) => it.includes('zone'))).toEqual(['aws_route53_zone x 1']);
  expect(stack.node.metadata.map((entry) => String(entry.data))).toEqual([
    "zone 'weu.production.example.com' lies with another platform than the states and is not made here; it must exist",
    "zone 'paris.production.example.com' is written by people and not made here; it must exist",
  ]);
});

test("a zone of a site's own is made beside the environment's, and its name servers are told", () => {
  const own = '    nat: perZone\n    domain: eu.example.com\n    dns: { zone: eu.example.com }\n    flowLog';
  const two = productionWith(['    nat: perZone\n    flowLog', own], ['rancher.production', 'rancher.eu']);
  const { resource, text } = synthesized(new PrepareStack(Testing.app(), two));
  expect(
    Object.values(resource['aws_route53_zone'] ?? {})
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['eu.example.com', 'production.example.com']);
  expect(Object.keys((JSON.parse(text) as { output: object }).output)).toEqual(['name-servers', 'name-servers-eu']);
});
