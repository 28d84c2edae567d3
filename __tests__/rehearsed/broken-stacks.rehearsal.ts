import { deployed, workspace } from './drover';
import { blockOf, StackCopy, type StackContent } from './stack-copy';

const STACKS = [
  'dev-eu-network',
  'dev-management-servers',
  'dev-management-rancher',
  'dev-management-policy',
  'dev-shop-cluster',
  'dev-shop-services',
  'dev-shop-apps',
];
const BALANCER = 'aws_lb.plane_balancer_F676D37E';

/** One thing that is broken in the stack of the management servers. */
interface Break {
  readonly what: string;
  /** Type of the block, and how its name begins. */
  readonly block: readonly [type: string, name: string];
  /** Arguments to set; `undefined` takes one away. */
  readonly set: Readonly<Record<string, unknown>>;
  readonly summary: string;
  readonly detail: string;
}

let servers: StackCopy;
beforeAll(() => {
  deployed();
  servers = new StackCopy(workspace, 'dev-management-servers');
});
afterAll(() => servers.remove());

test.each(STACKS)('Terraform finds %s valid as it is synthesized', (name) => {
  const stack = new StackCopy(workspace, name);
  try {
    expect(stack.validate(() => undefined)).toEqual([]);
  } finally {
    stack.remove();
  }
});

const broken: readonly Break[] = [
  {
    what: 'an unknown argument',
    block: ['aws_lb', 'plane_'],
    set: { loadbalancer_type: 'network' },
    summary: 'Extraneous JSON object property',
    detail: 'No argument or block type is named "loadbalancer_type".',
  },
  {
    what: 'a value of the wrong type',
    block: ['aws_lb', 'plane_'],
    set: { internal: 'maybe' },
    summary: 'Incorrect attribute value type',
    detail: 'Inappropriate value for attribute "internal": a bool is required.',
  },
  {
    what: 'a missing argument',
    block: ['aws_ebs_volume', 'management_servers_s1'],
    set: { availability_zone: undefined },
    summary: 'Missing required argument',
    detail: 'The argument "availability_zone" is required, but no definition was found.',
  },
  {
    what: 'a missing argument inside a block',
    block: ['aws_lb_listener', 'plane_listeners_api'],
    set: { default_action: [{ order: 1 }] },
    summary: 'Missing required argument',
    detail: 'The argument "type" is required, but no definition was found.',
  },
  {
    what: 'a block twice that may be there once',
    block: ['aws_lb_target_group', 'plane_targets_api'],
    set: { health_check: [{}, {}] },
    summary: 'Too many health_check blocks',
    detail: 'No more than 1 "health_check" blocks are allowed',
  },
  {
    what: 'a value for what only the cloud decides',
    block: ['aws_lb', 'plane_'],
    set: { arn: 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/mine/1' },
    summary: 'Value for unconfigurable attribute',
    detail:
      'Can\'t configure a value for "arn": its value will be decided automatically based on the result of applying this configuration.',
  },
  {
    what: 'a kind of load balancer that does not exist',
    block: ['aws_lb', 'plane_'],
    set: { load_balancer_type: 'classic' },
    summary: 'expected load_balancer_type to be one of ["application" "network" "gateway"], got classic',
    detail: '',
  },
  {
    what: 'a tier of parameters that does not exist',
    block: ['aws_ssm_parameter', 'management_secrets_ca-hash'],
    set: { tier: 'Cheap' },
    summary: 'expected tier to be one of ["Standard" "Advanced" "Intelligent-Tiering"], got Cheap',
    detail: '',
  },
  {
    what: 'user data in two forms',
    block: ['aws_instance', 'management_servers_s1'],
    set: { user_data: '#cloud-config', user_data_base64: 'I2Nsb3VkLWNvbmZpZw==' },
    summary: 'Conflicting configuration arguments',
    detail: '"user_data": conflicts with user_data_base64',
  },
  {
    what: 'a parameter whose value is both stored and write-only',
    block: ['aws_ssm_parameter', 'management_secrets_ca-hash'],
    set: { value: 'pending' },
    summary: 'Invalid combination of arguments',
    detail:
      '"value": only one of `value,insecure_value,value_wo` can be specified, but `value,value_wo` were specified.',
  },
  {
    what: 'a write-only value without its version',
    block: ['aws_ssm_parameter', 'management_secrets_ca-hash'],
    set: { value_wo_version: undefined },
    summary: 'Missing required argument',
    detail: '"value_wo": all of `value_wo,value_wo_version` must be specified',
  },
  {
    what: 'a reference to what a resource does not have',
    block: ['aws_route53_record', 'plane_'],
    set: { name: `\${${BALANCER}.dns}` },
    summary: 'Unsupported attribute',
    detail: 'This object has no argument, nested block, or exported attribute named "dns".',
  },
  {
    what: 'resources that need each other',
    block: ['aws_security_group', 'security_server'],
    set: { description: '${aws_instance.management_servers_s1_machine_9D152411.id}' },
    summary:
      'Cycle: aws_instance.management_servers_s1_machine_9D152411, aws_network_interface.management_servers_s1_interface_FA79377F, aws_security_group.security_server_3008BD96',
    detail: '',
  },
  {
    what: 'an ephemeral secret in an argument that is kept in the state',
    block: ['aws_ssm_parameter', 'management_secrets_join'],
    set: { description: '${ephemeral.random_password.management_secrets_join-value_B505FD75.result}' },
    summary: 'Invalid use of ephemeral value',
    detail:
      'Ephemeral values are not valid for "description", because it is not a write-only attribute and must be persisted to state.',
  },
];

/** Terraform lists a circle's members in an order of its own each time. */
const sorted = (summary: string): string =>
  summary.startsWith('Cycle: ') ? `Cycle: ${summary.slice(7).split(', ').sort().join(', ')}` : summary;

test.each(broken)('$what is refused', ({ block: [type, name], set, summary, detail }) => {
  const complaints = servers.validate((content) => {
    Object.assign(blockOf(content, type, name), set);
  });
  expect(complaints.map((it) => ({ ...it, summary: sorted(it.summary) }))).toMatchObject([
    { severity: 'error', summary, detail },
  ]);
});

const withGroups = (groups: readonly string[]) => (content: StackContent) => {
  blockOf(content, 'aws_lb', 'plane_')['security_groups'] = groups.map((it) => `\${aws_security_group.${it}.id}`);
};

test('a network load balancer that gets its second security group is updated', () => {
  const { planned } = servers.plan(withGroups(['security_plane_B85D0206', 'security_web_6FBA714E']));
  expect(planned).toEqual([{ address: BALANCER, action: 'update' }]);
});

test('two servers that are renewed in one plan are refused', () => {
  const { refused } = servers.plan((content) => {
    const raised = JSON.stringify(content.locals).replace(/(renewed\/s[13]\/)0/g, '$11');
    content.locals = JSON.parse(raised) as NonNullable<StackContent['locals']>;
  });
  expect(refused).toMatchObject([
    {
      summary: 'Resource precondition failed',
      detail:
        'more than one server would be renewed in one apply: s1, s3; raise one number, apply, wait until it is healthy, then raise the next',
    },
  ]);
});

test('without the guard the same plan would replace both servers', () => {
  const { planned } = servers.plan((content) => {
    for (const server of ['s1', 's3']) blockOf(content, 'terraform_data', `management_servers_${server}`)['input'] = 1;
  });
  const replaced = planned.filter((it) => it.action === 'replace' && it.address.startsWith('aws_instance.'));
  const byReplaced = { action: 'replace', reason: 'replace_triggered_by' };
  expect(replaced.sort((a, b) => a.address.localeCompare(b.address))).toEqual([
    { address: 'aws_instance.management_servers_s1_machine_9D152411', ...byReplaced },
    { address: 'aws_instance.management_servers_s3_machine_6C4207EB', ...byReplaced },
  ]);
});

test('a network load balancer that has no security group is replaced by one that has', () => {
  servers.changeState('aws_lb', 'plane_', { security_groups: [] });
  const { planned } = servers.plan(() => undefined);
  expect(planned).toContainEqual({ address: BALANCER, action: 'replace', reason: 'cannot_update' });
});
