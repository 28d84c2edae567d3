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
  ]);
});

test('two servers are refused by name, whatever of them is lost', () => {
  const changes = [change('aws_instance', 'replace', 's3'), change('aws_ebs_volume', 'destroy', 's1')];
  expect(guardPlan('dev-shop-cluster', changes)).toEqual([
    {
      rule: 'one-server-at-a-time',
      stack: 'dev-shop-cluster',
      ok: false,
      text: '2 servers are replaced or destroyed at once: s1, s3; etcd allows one: change one, deploy, wait until it is healthy, then the next',
    },
  ]);
});
