import { TerraformOutput } from 'cdktf';
import { ClusterSecurity } from '../../../constructs/aws/cluster-security';
import { PlaneLoadBalancer } from '../../../constructs/aws/plane-load-balancer';
import { WebLoadBalancer, type WebLoadBalancerProps } from '../../../constructs/aws/web-load-balancer';
import { all, only, type Synthesized } from '../../support/synth';
import { environmentWith, inStack, networkIn } from './network-fixture';

const balancers = (web: Partial<WebLoadBalancerProps> = {}, sections: Record<string, unknown> = {}): Synthesized =>
  inStack((stack) => {
    const environment = environmentWith(sections);
    const network = networkIn(stack, environment);
    const clusterName = 'shop';
    const security = new ClusterSecurity(stack, 'security', {
      environment,
      network,
      clusterName,
      webCidrs: ['203.0.113.0/24'],
      planeCidrs: ['10.20.0.0/16'],
    });
    const props = { environment, network, security, clusterName };
    const plane = new PlaneLoadBalancer(stack, 'plane', props);
    const ingress = new WebLoadBalancer(stack, 'web', {
      ...props,
      exposure: 'public',
      names: ['shop.dev.example.com', '*.shop.dev.example.com'],
      targetType: 'instance',
      ...web,
    });
    new TerraformOutput(stack, 'registration', { value: plane.address });
    new TerraformOutput(stack, 'address', { value: ingress.address });
  });

const outputsOf = ({ text }: Synthesized): unknown => (JSON.parse(text) as { output: unknown }).output;

describe('every network load balancer', () => {
  test('has a security group from creation and spreads over zones', () => {
    for (const balancer of all(balancers().resource, 'aws_lb')) {
      expect(balancer).toMatchObject({ load_balancer_type: 'network', enable_cross_zone_load_balancing: true });
      expect(balancer['security_groups']).toHaveLength(1);
    }
  });

  test('hides the address of the client, so that a target may call it and be chosen itself', () => {
    for (const group of all(balancers().resource, 'aws_lb_target_group')) {
      expect(group).toMatchObject({ preserve_client_ip: 'false', protocol: 'TCP', health_check: { protocol: 'TCP' } });
    }
  });
});

describe('of the servers', () => {
  test('is internal and keeps out of the subnets whose addresses are the servers own', () => {
    const plane = only(balancers().resource, 'aws_lb', 'plane_');
    expect(plane).toMatchObject({ internal: true, name: 'dev-shop-plane' });
    expect(plane['subnets']).toEqual(['a', 'b', 'c'].map((zone) => expect.stringContaining(`subnets_${zone}_private`)));
  });

  test('passes the API and the join port to addresses', () => {
    const groups = all(balancers().resource, 'aws_lb_target_group', 'plane_');
    expect(groups.map(({ name, port, target_type }) => ({ name, port, target_type }))).toEqual([
      { name: 'dev-shop-api', port: 6443, target_type: 'ip' },
      { name: 'dev-shop-join', port: 9345, target_type: 'ip' },
    ]);
    expect(all(balancers().resource, 'aws_lb_listener', 'plane_').map((it) => it['port'])).toEqual([6443, 9345]);
  });

  test('has a fixed registration name, known at synth', () => {
    const result = balancers();
    expect(outputsOf(result)).toMatchObject({ registration: { value: 'api.shop.dev.example.com' } });
    expect(only(result.resource, 'aws_route53_record', 'plane_')).toMatchObject({
      name: 'api.shop.dev.example.com',
      type: 'A',
      alias: { name: expect.stringContaining('aws_lb.plane_'), evaluate_target_health: false },
    });
  });
});

describe('of the web', () => {
  test('stands in public subnets when it is public, in private ones when it is internal', () => {
    const subnetsOf = (exposure: 'public' | 'internal'): unknown =>
      only(balancers({ exposure }).resource, 'aws_lb', 'web_')['subnets'];
    expect(subnetsOf('public')).toEqual(
      ['a', 'b', 'c'].map((zone) => expect.stringContaining(`subnets_${zone}_public`)),
    );
    expect(subnetsOf('internal')).toEqual(
      ['a', 'b', 'c'].map((zone) => expect.stringContaining(`subnets_${zone}_private`)),
    );
  });

  test('passes 80 and 443 to instances or addresses', () => {
    const typesOf = (targetType: 'ip' | 'instance'): unknown[] =>
      all(balancers({ targetType }).resource, 'aws_lb_target_group', 'web_').map((it) => it['target_type']);
    expect(typesOf('instance')).toEqual(['instance', 'instance']);
    expect(typesOf('ip')).toEqual(['ip', 'ip']);
  });

  test('has a record for each name, whose address in the state holds no domain', () => {
    const records = balancers().resource['aws_route53_record'] ?? {};
    const web = Object.keys(records).filter((name) => name.startsWith('web_'));
    expect(web).toEqual([expect.stringMatching(/^web_names_shop_/), expect.stringMatching(/^web_names_wildcardshop_/)]);
    expect(web.join()).not.toContain('example');
  });

  test('is addressed by the first of its names, or by its own without any', () => {
    expect(outputsOf(balancers())).toMatchObject({ address: { value: 'shop.dev.example.com' } });
    expect(outputsOf(balancers({ names: [] }))).toMatchObject({
      address: { value: expect.stringMatching(/^\$\{aws_lb\.web_.*\.dns_name\}$/) },
    });
  });

  test('takes names of the zone only', () => {
    expect(() => balancers({ names: ['shop.example.org'] })).toThrow(
      "'shop.example.org' does not lie in the zone 'dev.example.com'; choose a name that ends in '.dev.example.com'",
    );
  });
});

test('the zone is looked up once a stack, as public or private as the environment says', () => {
  expect(only(balancers().data, 'aws_route53_zone')).toMatchObject({ name: 'dev.example.com', private_zone: false });
  const dns = { zone: 'dev.example.com', public: false };
  expect(only(balancers({}, { dns }).data, 'aws_route53_zone')).toMatchObject({ private_zone: true });
});
