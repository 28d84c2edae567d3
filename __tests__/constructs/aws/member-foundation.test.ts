import { machine, machinesOf, withShop } from './machines-fixture';
import { all, only, type Synthesized } from '../../support/synth';

const ingress = { workers: { maxSize: 3, machine }, web: { maxSize: 2, role: 'ingress', machine } };
const withWeb = (web: object = {}): Synthesized => machinesOf(withShop({ nodeGroups: ingress, web }));

const WEB = 'foundation_web_';
const HTTPS = 'foundation_security_rules_web-https-from-people';
const PEOPLE = 'foundation_security_people';

test('the web of a member is internal and lets in the networks of its site alone, unless said otherwise', () => {
  const { resource } = withWeb();
  expect(only(resource, 'aws_lb', WEB)).toMatchObject({
    internal: true,
    subnets: ['a', 'b', 'c'].map((zone) => expect.stringContaining(`subnets_${zone}_private`)),
  });
  expect(only(resource, 'aws_ec2_managed_prefix_list', PEOPLE)['entry']).toEqual([{ cidr: '10.20.0.0/16' }]);
  expect(only(resource, 'aws_vpc_security_group_ingress_rule', HTTPS)).toMatchObject({
    prefix_list_id: expect.stringContaining(PEOPLE),
  });
});

test('an internal web lets in further networks that the environment names', () => {
  const { resource } = withWeb({ allowedCidrs: ['172.16.0.0/12'] });
  expect(only(resource, 'aws_ec2_managed_prefix_list', PEOPLE)['entry']).toEqual([
    { cidr: '172.16.0.0/12' },
    { cidr: '10.20.0.0/16' },
  ]);
});

test('a public web lets in whom the environment names, and machines of the site by their way out', () => {
  const { resource } = withWeb({ exposure: 'public', allowedCidrs: ['203.0.113.0/24'] });
  expect(only(resource, 'aws_lb', WEB)).toMatchObject({
    internal: false,
    subnets: ['a', 'b', 'c'].map((zone) => expect.stringContaining(`subnets_${zone}_public`)),
  });
  expect(only(resource, 'aws_ec2_managed_prefix_list', PEOPLE)['entry']).toEqual([
    { cidr: '203.0.113.0/24' },
    { cidr: expect.stringMatching(/^\$\{aws_eip\.[\w-]+\.public_ip\}\/32$/) },
  ]);
});

test('a web for everybody is one rule, and the API stays closed', () => {
  const { resource } = withWeb({ exposure: 'public', allowedCidrs: ['0.0.0.0/0'] });
  expect(all(resource, 'aws_ec2_managed_prefix_list', PEOPLE)).toEqual([]);
  const open = all(resource, 'aws_vpc_security_group_ingress_rule').filter((it) => it['cidr_ipv4'] === '0.0.0.0/0');
  expect(open.map((it) => it['from_port']).sort()).toEqual([443, 80]);
});

test('targets of the web are the ingress groups', () => {
  const { resource } = withWeb();
  expect(only(resource, 'aws_autoscaling_group', 'machines_groups_web')['target_group_arns']).toEqual([
    expect.stringContaining('foundation_web_targets_http_'),
    expect.stringContaining('foundation_web_targets_https_'),
  ]);
  expect(only(resource, 'aws_autoscaling_group', 'machines_groups_workers')).toMatchObject({ target_group_arns: [] });
});

test('without an ingress group there is no way in: no balancer, no name, nobody let in', () => {
  const { resource } = machinesOf(withShop());
  expect(all(resource, 'aws_lb', WEB)).toEqual([]);
  expect(all(resource, 'aws_route53_record').map((it) => it['name'])).toEqual(['api.shop.dev.example.com']);
  expect(all(resource, 'aws_ec2_managed_prefix_list', PEOPLE)).toEqual([]);
  expect(all(resource, 'aws_vpc_security_group_ingress_rule', 'foundation_security_rules_web-')).toEqual([]);
});
