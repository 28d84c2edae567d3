import { guardPlan } from '../../review/guard';
import type { PlanAction, PlanChange } from '../../review/plan-changes';

const change = (type: string, action: PlanAction, node?: string): PlanChange => ({
  address: `${type}.${node ?? 'x'}`,
  type,
  action,
  reasons: [],
  attributes: [],
  tags: node === undefined ? {} : { 'drover:node': node },
});

test('a plan that touches no server needs no verdict', () => {
  const changes = [
    change('aws_instance', 'replace', 'bastion'),
    change('aws_lb', 'destroy'),
    change('aws_instance', 'update', 's1'),
  ];
  expect(guardPlan('dev-shop-cluster', changes)).toEqual([]);
});

test('one server may be replaced, with its disk and its address', () => {
  const changes = ['aws_instance', 'aws_ebs_volume', 'aws_network_interface', 'azurerm_linux_virtual_machine'].map(
    (type) => change(type, 'replace', 's2'),
  );
  expect(guardPlan('dev-shop-cluster', changes)).toEqual([
    {
      rule: 'one-server-at-a-time',
      stack: 'dev-shop-cluster',
      ok: true,
      text: 'one server is replaced or destroyed: s2',
    },
    {
      rule: 'data-stays',
      stack: 'dev-shop-cluster',
      ok: true,
      text: "a server's disk of etcd would be made anew (aws_ebs_volume.s2): the other servers fill a new one; without others, all that the cluster knows is gone but for its snapshots",
    },
  ]);
});

test('two servers are refused by name, whatever of them is lost', () => {
  const changes = [change('aws_instance', 'replace', 's3'), change('aws_ebs_volume', 'destroy', 's1')];
  expect(guardPlan('dev-shop-cluster', changes).filter((it) => !it.ok)).toEqual([
    {
      rule: 'one-server-at-a-time',
      stack: 'dev-shop-cluster',
      ok: false,
      text: '2 servers are replaced or destroyed at once: s1, s3; etcd allows one: change one, deploy, wait until it is healthy, then the next',
    },
  ]);
});

const brick = (type: string, action: PlanAction, node: string): PlanChange => ({
  ...change(type, action),
  tags: { 'drover:storage': node },
});

test('one storage node may be replaced beside one server: each kind keeps its own majority', () => {
  const changes = [
    change('aws_instance', 'replace', 's2'),
    brick('aws_instance', 'replace', 'g1'),
    brick('azurerm_network_interface', 'replace', 'g1'),
  ];
  expect(guardPlan('dev-shop-cluster', changes)).toMatchObject([
    { rule: 'one-server-at-a-time', ok: true, text: 'one server is replaced or destroyed: s2' },
    { rule: 'one-storage-node-at-a-time', ok: true, text: 'one storage node is replaced or destroyed: g1' },
  ]);
});

test('two storage nodes are refused by name', () => {
  const changes = [brick('aws_instance', 'replace', 'g3'), brick('aws_ebs_volume', 'destroy', 'g1')];
  expect(guardPlan('dev-shop-cluster', changes)).toEqual([
    {
      rule: 'one-storage-node-at-a-time',
      stack: 'dev-shop-cluster',
      ok: false,
      text: '2 storage nodes are replaced or destroyed at once: g1, g3; GlusterFS allows one: change one, deploy, wait until it is healthy, then the next',
    },
  ]);
});

test('a brick that would be made anew is refused, even a single one', () => {
  const verdicts = guardPlan('dev-shop-cluster', [brick('azurerm_managed_disk', 'replace', 'g3')]);
  expect(verdicts).toMatchObject([
    { rule: 'one-storage-node-at-a-time', ok: true },
    {
      rule: 'bricks-stay',
      ok: false,
      text: 'the brick of g3 would be made anew, and empty; it can only grow, and stays in its zone: take back what makes it smaller or moves it',
    },
  ]);
  expect(guardPlan('dev-shop-cluster', [brick('aws_ebs_volume', 'update', 'g3')])).toEqual([]);
});

test('a disk of a machine that would be made anew is refused, one that grows or goes with its machine is not', () => {
  const disk = (action: PlanAction): PlanChange => ({
    ...change('azurerm_managed_disk', action),
    tags: { 'drover:machine': 'files' },
  });
  expect(guardPlan('staging-weu-machines', [disk('replace')])).toEqual([
    {
      rule: 'machine-disks-stay',
      stack: 'staging-weu-machines',
      ok: false,
      text: 'the disk of machine files would be made anew, and empty; it can only grow, and stays in its zone: take back what makes it smaller or moves it',
    },
  ]);
  expect(guardPlan('staging-weu-machines', [disk('update'), disk('destroy')])).toMatchObject([
    { rule: 'data-stays', ok: true },
  ]);
});
