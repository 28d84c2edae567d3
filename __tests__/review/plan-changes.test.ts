import { countActions, outputChanges, planChanges } from '../../review/plan-changes';

/** A change as `terraform show -json` of Terraform 1.11 writes it. */
const change = (
  address: string,
  actions: string[],
  rest: Record<string, unknown> = {},
  outer: Record<string, unknown> = {},
) => ({
  address,
  mode: 'managed',
  type: address.split('.')[0],
  name: address.split('.')[1],
  provider_name: 'registry.terraform.io/hashicorp/aws',
  change: {
    actions,
    before: null,
    after: {},
    after_unknown: {},
    before_sensitive: false,
    after_sensitive: {},
    ...rest,
  },
  ...outer,
});
const plan = (...changes: unknown[]) => ({
  format_version: '1.2',
  terraform_version: '1.11.4',
  resource_changes: changes,
});

test('an unchanged resource and a data source that is read are no changes', () => {
  const read = { ...change('aws_ami.ubuntu', ['read']), mode: 'data' };
  expect(planChanges(plan(change('aws_vpc.network', ['no-op']), read))).toEqual([]);
});

test('a creation has no list of attributes: everything is new', () => {
  const [created] = planChanges(plan(change('aws_vpc.network', ['create'], { after: { cidr_block: '10.20.0.0/16' } })));
  expect(created).toEqual({
    address: 'aws_vpc.network',
    type: 'aws_vpc',
    action: 'create',
    reasons: [],
    attributes: [],
    tags: {},
  });
});

test('an update names the attributes that differ, deep within lists and maps', () => {
  const sides = {
    before: { min_size: 2, tags: { Name: 'a', team: 'x' }, ingress: [{ port: 80 }, { port: 443 }] },
    after: { min_size: 3, tags: { Name: 'a', team: 'y' }, ingress: [{ port: 80 }] },
    before_sensitive: {},
  };
  const [updated] = planChanges(plan(change('aws_autoscaling_group.workers', ['update'], sides)));
  expect(updated?.attributes).toEqual([
    { path: 'ingress[1]', before: '{"port":443}', after: '(none)' },
    { path: 'min_size', before: '2', after: '3' },
    { path: 'tags.team', before: '"x"', after: '"y"' },
  ]);
});

test('a sensitive value is never shown, on whichever side it is marked, alone or below a marked one', () => {
  const sides = {
    before: { value: 'old-secret', data: { password: 'p1' }, nested: [{ key: 'k1' }] },
    after: { value: 'new-secret', data: { password: 'p2' }, nested: [{ key: 'k2' }] },
    before_sensitive: { value: true, nested: [{ key: true }] },
    after_sensitive: { data: true },
  };
  const changes = planChanges(plan(change('aws_ssm_parameter.join', ['update'], sides)));
  expect(changes[0]?.attributes).toEqual([
    { path: 'data', before: '(sensitive)', after: '(sensitive)' },
    { path: 'nested[0].key', before: '(sensitive)', after: '(sensitive)' },
    { path: 'value', before: '(sensitive)', after: '(sensitive)' },
  ]);
  expect(JSON.stringify(changes)).not.toMatch(/secret"|p1|k1|p2|k2/);
});

test('a replacement says which attribute forces it, and what is known only after apply', () => {
  const sides = {
    before: { availability_zone: 'eu-west-1a', id: 'vol-1' },
    after: { availability_zone: 'eu-west-1b' },
    after_unknown: { id: true },
    before_sensitive: {},
    replace_paths: [['availability_zone']],
  };
  const why = { action_reason: 'replace_because_cannot_update' };
  const [replaced] = planChanges(plan(change('aws_ebs_volume.data', ['delete', 'create'], sides, why)));
  expect(replaced).toMatchObject({ action: 'replace', reasons: ['availability_zone changes'] });
  expect(replaced?.attributes).toContainEqual({ path: 'id', before: '"vol-1"', after: '(known after apply)' });
});

test.each([
  ['replace_because_tainted', 'its creation failed half-way'],
  ['replace_by_triggers', 'a resource that triggers its replacement changes'],
])('a replacement because of %s says so', (why, text) => {
  const [replaced] = planChanges(plan(change('aws_instance.s1', ['create', 'delete'], {}, { action_reason: why })));
  expect(replaced?.reasons).toEqual([text]);
});

test('a destruction says why', () => {
  const gone = change(
    'aws_instance.s3',
    ['delete'],
    { after: null },
    { action_reason: 'delete_because_no_resource_config' },
  );
  expect(planChanges(plan(gone))[0]).toMatchObject({ action: 'destroy', reasons: ['the program no longer has it'] });
});

test('the tags it has now win over those it will have', () => {
  const sides = { before: { tags: { 'drover:node': 's1' } }, after: { tags: { 'drover:node': 's9', Name: 'x' } } };
  expect(planChanges(plan(change('aws_instance.m', ['update'], sides)))[0]?.tags).toEqual({
    'drover:node': 's1',
    Name: 'x',
  });
});

test('actions are counted by kind', () => {
  const changes = planChanges(plan(change('a.b', ['create']), change('a.c', ['create']), change('a.d', ['delete'])));
  expect(countActions(changes)).toEqual({ create: 2, update: 0, replace: 0, destroy: 1, forget: 0 });
});

test('outputs that change are named', () => {
  const outputs = { vpc: { actions: ['update'] }, same: { actions: ['no-op'] } };
  expect(outputChanges({ ...plan(), output_changes: outputs })).toEqual(['vpc']);
});

test('something that is no plan is refused', () => {
  expect(() => planChanges({ resource_changes: [] })).toThrow('format_version');
});
