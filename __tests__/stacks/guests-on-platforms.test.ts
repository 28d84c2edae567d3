import { flows, type Flow, type Role } from '../../constructs/platform/flows';
import { guestFlows, withGuests } from '../../constructs/platform/guest-flows';
import { settingsOf as settingsOfCloud, cloudConfigOf } from '../constructs/aws/cloud-config';
import { all, only } from '../support/synth';
import { settingsOf, workOf } from '../constructs/metal/fixture';
import { mixedWith } from '../constructs/mixed-fixture';
import { shopStack } from './mixed-fixture';

const mixed = shopStack(mixedWith(['workers', 'us', 'weu', 'dc1']));
const cidrs: Readonly<Record<string, string>> = {
  eu: '10.20.0.0/16',
  us: '10.21.0.0/16',
  weu: '10.30.0.0/16',
  dc1: '10.40.0.0/24',
};

/** Rules that a role has by some flows, with sites in place of the roles that are networks. */
function expected(of: readonly Flow[], own: Role, sitesOf: (role: Role) => readonly string[]): string[] {
  const rules = of.flatMap(({ from, to, protocol, ports }) => [
    ...(to.includes(own) ? from.map((it) => ['in', it, protocol, ports[0]] as const) : []),
    ...(from.includes(own) ? to.map((it) => ['out', it, protocol, ports[0]] as const) : []),
  ]);
  return [
    ...new Set(
      rules.flatMap(([way, role, protocol, port]) =>
        sitesOf(role).map((site) => `${way} ${cidrs[site] ?? ''} ${protocol} ${port}`),
      ),
    ),
  ].sort();
}
const asGuest =
  (own: string) =>
  (role: Role): readonly string[] =>
    role === 'home' ? ['eu'] : role === 'guest' ? ['us', 'weu', 'dc1'].filter((site) => site !== own) : [];
const asHome = (role: Role): readonly string[] => (role === 'guest' ? ['us', 'weu', 'dc1'] : []);

test('there is something to compare with', () => {
  expect(expected(guestFlows(flows), 'worker', asGuest('us')).length).toBeGreaterThan(20);
  expect(expected(withGuests(flows), 'plane', asHome)).toHaveLength(6);
});

describe('on AWS', () => {
  const rulesOf = (prefix: string): string[] =>
    (['ingress', 'egress'] as const)
      .flatMap((direction) =>
        all(mixed.resource, `aws_vpc_security_group_${direction}_rule`, prefix).map(
          (rule) =>
            `${direction === 'ingress' ? 'in' : 'out'} ${String(rule['cidr_ipv4'])} ${String(rule['ip_protocol'])} ${String(rule['from_port'])}`,
        ),
      )
      .filter((rule) => Object.values(cidrs).some((cidr) => rule.includes(cidr)))
      .sort();

  test('a guest reaches and is reached by the other sites as the flows say, and nobody else', () => {
    expect(rulesOf('guests_us_guests_security_rules_')).toEqual(expected(guestFlows(flows), 'worker', asGuest('us')));
  });

  test.each(['server', 'worker', 'plane'] as const)('at home guests reach a %s as the flows say', (role) => {
    expect(rulesOf(`foundation_security_rules_${role}-`)).toEqual(expected(withGuests(flows), role, asHome));
  });

  test('the group has the size that it is given, in the network of its site', () => {
    expect(only(mixed.resource, 'aws_autoscaling_group', 'guests_us')).toMatchObject({ min_size: 1, max_size: 1 });
    expect(only(mixed.resource, 'aws_security_group', 'guests_us')).not.toHaveProperty(
      'tags.kubernetes.io/cluster/dev-shop',
    );
  });

  test('its machines say who they are and where, with the identity of the cluster and their own site', () => {
    const template = only(mixed.resource, 'aws_launch_template', 'guests_us_guests_groups_us');
    const settings = settingsOfCloud(cloudConfigOf(template['user_data']));
    for (const line of [
      "DROVER_REGION='eu-west-1'",
      "DROVER_SITE='us'",
      "REGION='us-east-1'",
      "PROVIDER_ID_BY='self'",
      "TOPOLOGY_BY='self'",
      "RANCHER_TOKEN_PARAMETER='/drover/dev/shop/registration-token-us'",
    ]) {
      expect(settings.split('\n')).toContain(line);
    }
    expect(settings).toContain('drover/region=eu-west-1');
    expect(settings).toContain('drover/site=us');
    expect(settings).not.toContain('DROVER_PLATFORM');
  });

  test('the machines at home do so as well', () => {
    const template = only(mixed.resource, 'aws_launch_template', 'machines_groups_workers');
    const settings = settingsOfCloud(cloudConfigOf(template['user_data']));
    expect(settings).toContain("TOPOLOGY_BY='self'");
    expect(settings).toContain('drover/site=eu');
  });
});

describe('on Azure', () => {
  const rules = all(mixed.resource, 'azurerm_network_security_rule', 'guests_weu');

  test('a guest reaches and is reached by the other sites as the flows say, and nobody else', () => {
    const built = rules.flatMap((rule) => {
      const way = rule['direction'] === 'Inbound' ? 'in' : 'out';
      const networks = rule[way === 'in' ? 'source_address_prefixes' : 'destination_address_prefixes'];
      const protocol = String(rule['protocol']).toLowerCase();
      return Array.isArray(networks)
        ? networks.map((it) => `${way} ${String(it)} ${protocol} ${String(rule['destination_port_range'])}`)
        : [];
    });
    expect(built.sort()).toEqual(expected(guestFlows(flows), 'worker', asGuest('weu')));
  });

  test('everything else is refused, in both directions', () => {
    expect(rules.filter(({ access }) => access === 'Deny').map(({ direction }) => direction)).toEqual([
      'Inbound',
      'Outbound',
    ]);
  });

  test('what the cluster has there is in a resource group of its own, which names the site', () => {
    expect(only(mixed.resource, 'azurerm_resource_group')).toMatchObject({
      name: 'drover-dev-shop-weu',
      location: 'westeurope',
      tags: { 'drover:cluster': 'shop', 'drover:region': 'eu-west-1' },
    });
  });

  test('its machines run the steps of their own platform', () => {
    const set = only(mixed.resource, 'azurerm_linux_virtual_machine_scale_set', 'guests_weu');
    const data = JSON.stringify(set['custom_data']);
    for (const part of ["DROVER_CLOUD='aws'", "DROVER_PLATFORM='azure'", "TOPOLOGY_BY='self'", 'drover/site=weu']) {
      expect(data).toContain(part);
    }
  });
});

describe('on metal', () => {
  const settings = settingsOf(workOf(mixed, 'guests_groups_dc1_kv-07_bundle'));

  test("a guest's firewall lets in the other sites as the flows say, and nobody else", () => {
    const rules = (settings['FIREWALL_RULES'] ?? '').split(' ').flatMap((rule) => {
      const [protocol = '', ports = '', networks = ''] = rule.split(':');
      return networks.split(',').map((network) => `in ${network} ${protocol} ${ports}`);
    });
    const others = rules.filter((rule) => !rule.includes('/32'));
    expect(others.sort()).toEqual(
      expected(guestFlows(flows), 'worker', asGuest('dc1')).filter((rule) => rule.startsWith('in ')),
    );
    expect(rules.filter((rule) => rule.includes('/32')).every((rule) => /10\.40\.0\.4[12]\/32/.test(rule))).toBe(true);
  });

  test('a host says who it is and where, with the identity of the cluster and its own site', () => {
    expect(settings).toMatchObject({
      DROVER_CLOUD: 'aws',
      DROVER_PLATFORM: 'metal',
      DROVER_REGION: 'eu-west-1',
      DROVER_SITE: 'dc1',
      PROVIDER_ID_BY: 'self',
      RANCHER_TOKEN_PARAMETER: expect.stringContaining('dev/shop/registration-token-dc1'),
    });
    expect(settings['NODE_LABELS']).toContain('drover/site=dc1');
    expect(settings['NODE_LABELS']).toContain('topology.kubernetes.io/zone=rack-a');
  });

  test('one host waits for the servers of the cluster, the others for this one', () => {
    const waits = (host: string): string =>
      JSON.stringify(workOf(mixed, `guests_groups_dc1_${host}_bundle`).depends_on);
    expect(waits('kv-07')).not.toContain('_bundle');
    expect(waits('kv-08')).toContain('kv-07_bundle');
  });

  test('its hosts are remembered in a list of the site, and refused once they are gone untold', () => {
    expect(
      all(mixed.resource, 'vault_kv_secret_v2', 'guests_dc1_guests_roster_records').map(({ name }) => name),
    ).toEqual(['dev/shop/hosts-dc1/kv-07', 'dev/shop/hosts-dc1/kv-08']);
    const guard = only(mixed.resource, 'terraform_data', 'guests_dc1_guests_roster_guard');
    expect(JSON.stringify(guard['lifecycle'])).toContain("hosts of cluster 'shop' are no longer in it");
  });
});

test('a host that leaves is emptied by the stack that has it, when no group of the cluster is left there', () => {
  const environment = mixedWith(['workers']);
  const { dc1 } = environment.sites;
  if (dc1?.platform !== 'metal') throw new Error('no dc1');
  const leaving = { ...environment, sites: { ...environment.sites, dc1: { ...dc1, leaving: ['kv-07'] } } };
  const { removed } = JSON.parse(shopStack(leaving, ['dc1']).text) as { removed: { from: string }[] };
  expect(removed.map(({ from }) => from)).toEqual(['terraform_data.membership-kv-07']);
});
