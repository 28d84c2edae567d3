import { TerraformOutput } from 'cdktf';
import { ClusterGroup } from '../../../constructs/azure/cluster-group';
import { NetworkLoadBalancer } from '../../../constructs/azure/network-load-balancer';
import { PlaneLoadBalancer } from '../../../constructs/azure/plane-load-balancer';
import { WebLoadBalancer } from '../../../constructs/azure/web-load-balancer';
import { serverAddress } from '../../../model/network-plan';
import { all, only, type Synthesized } from '../../support/synth';
import { environmentWith, inStack, networkIn } from './fixture';
import { namesOf } from './machines-fixture';

const environment = environmentWith();

function balancers(exposure: 'internal' | 'public', names?: [string, ...string[]]): Synthesized {
  return inStack((stack) => {
    const owner = { environment, network: networkIn(stack, environment), clusterName: 'shop' };
    const props = { ...owner, group: new ClusterGroup(stack, 'group', owner).place };
    const plane = new PlaneLoadBalancer(stack, 'plane', { ...props, takesWeb: exposure === 'internal' });
    const web = new WebLoadBalancer(stack, 'web', {
      ...props,
      plane,
      names: names ?? ['shop.staging.example.com', '*.shop.staging.example.com'],
    });
    new TerraformOutput(stack, 'addresses', { value: [plane.address, plane.registrationAddress, web.address] });
  });
}

const [internal, open] = [balancers('internal'), balancers('public')];
const record = ({ resource }: Synthesized, name: string): Record<string, unknown> | undefined =>
  all(resource, 'azurerm_dns_a_record').find((it) => it['name'] === name);

/** What each rule passes on: by its name, frontend and its port, pool and its port. */
const ways = ({ resource }: Synthesized): Record<string, string> =>
  Object.fromEntries(
    all(resource, 'azurerm_lb_rule').map((it) => {
      const [pool] = it['backend_address_pool_ids'] as string[];
      const to = String(pool).replace(/^\$\{azurerm_lb_backend_address_pool\.(.*)_[0-9A-F]{8}\.id\}$/, '$1');
      const from = `${String(it['frontend_ip_configuration_name'])}:${String(it['frontend_port'])}`;
      return [String(it['name']), `${from} ${to}:${String(it['backend_port'])}`];
    }),
  );

describe('every load balancer', () => {
  const rules = [internal, open].flatMap(({ resource }) => all(resource, 'azurerm_lb_rule'));

  test('is of the kind that spreads over zones', () => {
    for (const balancer of [internal, open].flatMap(({ resource }) => all(resource, 'azurerm_lb'))) {
      expect(balancer).toMatchObject({ sku: 'Standard' });
    }
  });

  test('tells both ends of a connection that has been silent for too long', () => {
    expect(rules).toHaveLength(8);
    for (const rule of rules) {
      expect(rule).toMatchObject({ protocol: 'Tcp', tcp_reset_enabled: true, idle_timeout_in_minutes: 10 });
    }
  });

  test('lets no machine out: their way has an address that others let in', () => {
    for (const rule of rules) expect(rule).toMatchObject({ disable_outbound_snat: true });
  });

  test('asks each port every five seconds and believes the second equal answer', () => {
    const probes = all(internal.resource, 'azurerm_lb_probe');
    expect(probes.map(({ port }) => port)).toEqual([6443, 80, 443, 9345]);
    for (const probe of probes) {
      expect(probe).toMatchObject({ protocol: 'Tcp', interval_in_seconds: 5, probe_threshold: 2 });
    }
  });

  test('judges a port by the probe of that very port', () => {
    for (const name of ['api', 'join', 'http', 'https']) {
      expect(only(internal.resource, 'azurerm_lb_rule', `plane_rules_${name}_`)).toMatchObject({
        probe_id: expect.stringContaining(`azurerm_lb_probe.plane_rules_${name}-probe_`),
      });
    }
  });
});

describe('of the servers', () => {
  test('is internal, in the subnet without machines, in every zone', () => {
    expect(only(open.resource, 'azurerm_lb', 'plane_')).toMatchObject({
      name: 'staging-shop-internal',
      frontend_ip_configuration: [
        {
          name: 'plane',
          zones: ['1', '2', '3'],
          subnet_id: expect.stringContaining('subnets_balancers'),
          private_ip_address_allocation: 'Dynamic',
        },
      ],
    });
    expect(JSON.stringify(only(open.resource, 'azurerm_lb', 'plane_'))).not.toContain('public_ip');
  });

  test('passes the API and the join port on to its pool', () => {
    expect(ways(open)).toMatchObject({
      api: 'plane:6443 plane_pools_plane:6443',
      join: 'plane:9345 plane_pools_plane:9345',
    });
  });

  test('is named for operators, while servers join at their own addresses: it would drop what leads back', () => {
    expect(record(open, 'api.shop')?.['records']).toEqual([
      expect.stringMatching(/^\$\{azurerm_lb\.plane_\w+\.frontend_ip_configuration\[0\]\.private_ip_address\}$/),
    ]);
    expect(record(open, 'join.shop')).toMatchObject({
      records: ['s1', 's2', 's3'].map((server) => serverAddress(environment, 'shop', server)),
      ttl: 300,
    });
  });
});

describe('of the web', () => {
  test('has one public address, static and in every zone', () => {
    expect(only(open.resource, 'azurerm_public_ip', 'web_')).toMatchObject({
      sku: 'Standard',
      allocation_method: 'Static',
      zones: ['1', '2', '3'],
    });
    expect(only(open.resource, 'azurerm_lb', 'web_')['frontend_ip_configuration']).toEqual([
      { name: 'web', public_ip_address_id: expect.stringContaining('azurerm_public_ip.web_') },
    ]);
    expect(ways(open)).toMatchObject({ http: 'web:80 web_pools_web:80', https: 'web:443 web_pools_web:443' });
  });

  test('is a frontend of the other where it is internal: an interface may stand behind one of a kind', () => {
    expect(namesOf(internal.resource['azurerm_lb'])).toEqual(['plane_balancer']);
    expect(all(internal.resource, 'azurerm_public_ip', 'web_')).toEqual([]);
    expect(record(internal, 'shop')?.['records']).toEqual([
      expect.stringContaining('frontend_ip_configuration[1].private_ip_address'),
    ]);
  });

  test('keeps the pools of servers and of ingress machines apart', () => {
    expect(namesOf(internal.resource['azurerm_lb_backend_address_pool'])).toEqual([
      'plane_pools_plane',
      'plane_pools_web',
    ]);
    expect(ways(internal)).toEqual({
      api: 'plane:6443 plane_pools_plane:6443',
      join: 'plane:9345 plane_pools_plane:9345',
      http: 'web:80 plane_pools_web:80',
      https: 'web:443 plane_pools_web:443',
    });
  });

  test('has a record for each name, whose address in the state holds no domain', () => {
    const names = namesOf(open.resource['azurerm_dns_a_record']).filter((name) => name.startsWith('web_'));
    expect(names).toEqual(['web_names_shop_record', 'web_names_wildcardshop_record']);
    expect(record(open, '*.shop')?.['records']).toEqual([
      expect.stringMatching(/^\$\{azurerm_public_ip\.web_\S+\.ip_address\}$/),
    ]);
  });

  test('is addressed by the first of its names', () => {
    expect(JSON.parse(open.text)).toMatchObject({
      output: {
        addresses: {
          value: ['api.shop.staging.example.com', 'join.shop.staging.example.com', 'shop.staging.example.com'],
        },
      },
    });
  });

  test('may have the name of the zone itself', () => {
    expect(record(balancers('public', ['staging.example.com']), '@')).toMatchObject({ ttl: 300 });
  });
});

test('a frontend that a load balancer was not made with has no address', () => {
  expect(() =>
    inStack((stack) => {
      const owner = { environment, network: networkIn(stack, environment), clusterName: 'shop' };
      new NetworkLoadBalancer(stack, 'it', {
        ...owner,
        group: new ClusterGroup(stack, 'group', owner).place,
        purpose: 'internal',
        exposure: 'internal',
        frontends: ['plane', 'web'],
      }).addressOf('api');
    }),
  ).toThrow("no frontend 'api': the load balancer has 'plane', 'web'");
});
