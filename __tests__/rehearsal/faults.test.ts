import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { checkFaults, parseFault, setFaults } from '../../rehearsal/faults';
import { Workspace } from '../../rehearsal/workspace';
import { TestProject } from './support/project';
import { stackOf } from './support/stacks';

test.each([
  ['aws_instance=2', { type: 'aws_instance', op: 'create', mode: 'refuse', times: 2 }],
  ['aws_lb:throttle=1', { type: 'aws_lb', op: 'create', mode: 'throttle', times: 1 }],
  ['aws_iam_*:partial', { type: 'aws_iam_*', op: 'create', mode: 'partial', times: 1 }],
])('%s is understood', (text, fault) => {
  expect(parseFault(text)).toEqual(fault);
});

test.each(['', 'aws_instance=0', 'aws_instance=x', 'aws_instance:explode=1', '=1', 'AWS=1'])(
  "'%s' is refused",
  (text) => {
    expect(() => parseFault(text)).toThrow(
      `'--fail ${text}' is not understood; say <type>=<times> or <type>:<mode>=<times>, with mode one of refuse, partial, throttle, timeout`,
    );
  },
);

test('a fault of a type that no stack has could never strike and is refused', () => {
  const stacks = [stackOf('dev-eu-network', { resource: { aws_vpc: { network: {} } } })];
  expect(() => checkFaults([parseFault('aws_vpc=1'), parseFault('aws_*=1')], stacks)).not.toThrow();
  expect(() => checkFaults([parseFault('aws_lb=1')], stacks)).toThrow(
    "'--fail aws_lb' names a type that no stack of this environment has; see the types with 'drover inventory'",
  );
});

test('hosts that are provisioned by SSH can fail where there are any', () => {
  const connection = { type: 'ssh', host: '10.40.0.11' };
  const metal = [stackOf('lab-x', { resource: { terraform_data: { bundle: { connection } } } })];
  expect(() => checkFaults([parseFault('metal_host:partial=1')], metal)).not.toThrow();
  expect(() => checkFaults([parseFault('metal_host=1')], [stackOf('dev-x', {})])).toThrow(
    "'--fail metal_host' names a type that no stack of this environment has",
  );
});

test('a run has its own faults and forgets how often earlier ones struck', () => {
  const project = new TestProject();
  const workspace = new Workspace(project.root, 'dev');
  workspace.create();
  const struck = path.join(workspace.world, '.faults');
  mkdirSync(struck);
  writeFileSync(path.join(struck, '0-0'), '');
  setFaults(workspace, [parseFault('aws_vpc=1')]);
  expect(existsSync(struck)).toBe(false);
  expect(JSON.parse(readFileSync(workspace.faults, 'utf8'))).toEqual([
    { type: 'aws_vpc', op: 'create', mode: 'refuse', times: 1 },
  ]);
  setFaults(workspace, []);
  expect(existsSync(workspace.faults)).toBe(false);
  project.remove();
});
