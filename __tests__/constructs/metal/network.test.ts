import { NetworkStack } from '../../../stacks/network-stack';
import { Testing } from 'cdktf';
import type { Environment } from '../../../model/environment';
import { inventory, synthesized, type Synthesized } from '../../support/synth';
import { labWith, workOf } from './fixture';

const build = (environment: Environment): Synthesized =>
  synthesized(new NetworkStack(Testing.app(), environment, 'hall'));
const stack = build(labWith());
const commandOn = (host: string, from: Synthesized = stack): string | undefined =>
  workOf(from, `preflight_${host}_look`).provisioner.flatMap((it) => it['remote-exec']?.inline ?? [])[0];

test('the stack looks at every host and makes nothing', () => {
  expect(inventory(stack)).toEqual(['terraform_data x 15']);
});

test('a host is looked at for the part that it will play', () => {
  const common = '--cidr 10.40.0.0/24';
  const vault = '--vault https://vault.example.com:8200';
  expect(commandOn('mgmt-01')).toBe(
    `bash drover-preflight.sh --environment lab --address 10.40.0.11 ${common} --disks serial:LAB-MGMT-01 --ports 6443,9345,80,443 ${vault}`,
  );
  expect(commandOn('plant-02')).toContain(' --ports 6443,9345 ');
  expect(commandOn('work-01')).not.toContain('--ports');
  expect(commandOn('web-01')).toContain(' --ports 80,443 ');
  expect(commandOn('gate-02')).toContain(' --ports 6443,9345,80,443 ');
  expect(commandOn('door-01')).toContain(' --ports 80,443 ');
  expect(commandOn('brick-01')).toContain(' --disks serial:LAB-BRICK-01 --ports 24007 ');
});

test('a host whose facts change is looked at again, and no other', () => {
  const moved = build(labWith(['address: 10.40.0.41', 'address: 10.40.0.43']));
  const triggers = (host: string, from: Synthesized): unknown =>
    workOf(from, `preflight_${host}_look`).triggers_replace;
  expect(triggers('work-01', moved)).not.toEqual(triggers('work-01', stack));
  expect(triggers('web-01', moved)).toEqual(triggers('web-01', stack));
});

test('people are told which names must lead where', () => {
  expect(JSON.parse(stack.text)).toMatchObject({
    output: {
      names: {
        value: {
          'rancher.lab.example.com': '10.40.0.5',
          'api.management.lab.example.com': '10.40.0.5',
          'plant.lab.example.com': '10.40.0.6',
          '*.plant.lab.example.com': '10.40.0.6',
        },
      },
    },
  });
});

test('whoever the certificates of Vault are needed for gets them', () => {
  const own = build(labWith(['kind: vault\n', 'kind: vault\n  caFile: __tests__/constructs/metal/vault-ca.pem\n']));
  expect(commandOn('gate-01', own)).toMatch(/ --vault-ca drover-preflight-ca\.pem$/);
});
