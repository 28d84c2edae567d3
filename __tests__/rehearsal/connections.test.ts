import { hasConnections, localizeConnections } from '../../rehearsal/connections';
import type { StackFile } from '../../rehearsal/synthesized';

const ENTRY = { port: 40022, hostKey: 'ssh-ed25519 AAAAsimulated' };
const REAL = {
  type: 'ssh',
  host: '10.40.0.11',
  port: 22,
  user: 'drover',
  agent: true,
  timeout: '5m',
  host_key: 'ssh-ed25519 AAAAreal',
};
const LOCAL = {
  ...REAL,
  host_key: ENTRY.hostKey,
  bastion_host: '127.0.0.1',
  bastion_port: 40022,
  bastion_host_key: ENTRY.hostKey,
};

const stack = (content: Partial<StackFile>): StackFile => ({ terraform: {}, ...content });
const localized = (content: Partial<StackFile>): StackFile => localizeConnections('lab-x', stack(content), ENTRY);

test('a host without a bastion is reached through the entry, at its own address, and its own key is not asked for', () => {
  const resource = { terraform_data: { bundle: { triggers_replace: ['1'], connection: REAL } } };
  expect(localized({ resource }).resource).toEqual({
    terraform_data: { bundle: { triggers_replace: ['1'], connection: LOCAL } },
  });
});

test('a bastion of its own is replaced, with whatever was said of it', () => {
  const own = { bastion_host: 'gate.example.com', bastion_port: 2222, bastion_user: 'ops', bastion_host_key: 'x' };
  const connection = { ...REAL, ...own, proxy_host: 'proxy.example.com', certificate: 'c' };
  expect(localized({ resource: { terraform_data: { bundle: { connection } } } }).resource).toEqual({
    terraform_data: { bundle: { connection: LOCAL } },
  });
});

test('the connections of provisioners are found where cdktf and Terraform write them, also in a list', () => {
  const exec = { inline: ['true'], when: 'destroy' };
  const facts = { ...REAL, host: '${self.input.ssh.host}', host_key: '${self.input.ssh.host_key}' };
  const provisioner = [
    { file: { content: 'x', destination: 'y' } },
    { 'remote-exec': { ...exec, connection: facts } },
    { 'remote-exec': [{ ...exec, connection: [facts] }] },
  ];
  const expected = { ...LOCAL, host: '${self.input.ssh.host}' };
  expect(localized({ resource: { terraform_data: { membership: { provisioner } } } }).resource).toEqual({
    terraform_data: {
      membership: {
        provisioner: [
          provisioner[0],
          { 'remote-exec': { ...exec, connection: expected } },
          { 'remote-exec': [{ ...exec, connection: [expected] }] },
        ],
      },
    },
  });
});

test('a host that leaves is reached through the entry, too', () => {
  const removed = (connection: unknown) => [
    {
      from: 'terraform_data.membership-kv-07',
      lifecycle: { destroy: true },
      provisioner: [{ 'remote-exec': { when: 'destroy', inline: ['leave'], connection } }],
    },
  ];
  expect(localized({ removed: removed(REAL) }).removed).toEqual(removed(LOCAL));
});

test('what is remembered of a connection stays: it is in the state, and a change of it would be one of the host', () => {
  const input = { host: '10.40.0.11', host_key: 'ssh-ed25519 AAAAreal', connection: { type: 'ssh' } };
  const resource = { terraform_data: { membership: { input } } };
  expect(localized({ resource }).resource).toEqual(resource);
});

test('a second localization leads to the entry of the second run', () => {
  const once = localized({ resource: { terraform_data: { bundle: { connection: REAL } } } });
  const twice = localizeConnections('lab-x', once, { port: 50022, hostKey: 'other' });
  expect(twice.resource?.['terraform_data']?.['bundle']).toMatchObject({
    connection: { host: '10.40.0.11', bastion_port: 50022, host_key: 'other', bastion_host_key: 'other' },
  });
});

test('machines that are reached in another way are refused by name', () => {
  expect(() => localized({ resource: { x: { y: { connection: { ...REAL, type: 'winrm' } } } } })).toThrow(
    "stack 'lab-x' reaches machines by 'winrm', which the rehearsal cannot replace; it knows 'ssh'",
  );
});

test('a stack without hosts needs no entry, and one that only lets them leave does', () => {
  expect(hasConnections(stack({ resource: { aws_vpc: { main: { cidr_block: '10.0.0.0/16' } } } }))).toBe(false);
  expect(hasConnections(stack({ removed: [{ provisioner: [{ 'remote-exec': { connection: REAL } }] }] }))).toBe(true);
});
