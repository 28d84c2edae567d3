import { machineAddress, serverAddress } from '../../../model/network-plan';
import { machineName, nodeName } from '../../../model/node-name';
import type { Environment } from '../../../model/environment';
import { labWith } from '../../constructs/metal/fixture';
import { lab } from '../lab';

const machine = 'machine: { instanceType: m7i.large, image: ami-0a1b2c3d4e5f60718 }';
const withMachines = (machines: string): Environment =>
  lab(['cidr: 10.20.0.0/16 }', `cidr: 10.20.0.0/16, machines: { ${machines} } }`]);

test('a machine stands in the first zone, beside the servers, unless it says another', () => {
  const env = withMachines(
    `db: { ${machine} }, files: { ${machine}, zone: c }, old: { ${machine}, address: 10.20.240.77 }`,
  );
  expect(machineAddress(env, 'eu', 'db')).toMatch(/^10\.20\.240\.\d+$/);
  expect(machineAddress(env, 'eu', 'files')).toMatch(/^10\.20\.242\.\d+$/);
  expect(machineAddress(env, 'eu', 'old')).toBe('10.20.240.77');
  expect(() => machineAddress(env, 'eu', 'cache')).toThrow(
    "no machine 'cache' in site 'eu': it has 'db', 'files', 'old'",
  );
});

test('a further machine or cluster moves none', () => {
  const [few, more] = [withMachines(`db: { ${machine} }`), withMachines(`cache: { ${machine} }, db: { ${machine} }`)];
  expect(machineAddress(more, 'eu', 'db')).toBe(machineAddress(few, 'eu', 'db'));
});

test('a machine has no name of a node, even in a site and a cluster of one name', () => {
  expect(machineName({ name: 'dev' }, 'shop', 's1')).toBe('dev-shop-machine-s1');
  expect(nodeName({ name: 'dev' }, 'shop', 'machine-s1')).toBe('dev--shop--machine-s1');
});

test('an address of a server is refused, and so is that of another machine', () => {
  const server = serverAddress(lab(), 'management', 's1');
  expect(() => withMachines(`db: { ${machine}, address: ${server} }`)).toThrow(
    `sites.eu.machines.db.address: "${server}" is not allowed: is the address of server "s1" of "management" too`,
  );
  const two = `a: { ${machine}, address: 10.20.240.77 }, b: { ${machine}, address: 10.20.240.77 }`;
  expect(() => withMachines(two)).toThrow(
    'sites.eu.machines.b.address: "10.20.240.77" is not allowed: is the address of machine "a" too',
  );
});

test('a machine is judged by its platform as nodes are', () => {
  expect(() =>
    withMachines('db: { machine: { instanceType: Standard_D2s_v5, image: ami-0a1b2c3d4e5f60718 } }'),
  ).toThrow(
    'sites.eu.machines.db.machine.instanceType: "Standard_D2s_v5" is not allowed: must be an EC2 type: site "eu" is on AWS',
  );
});

test('SSH may be opened to networks of yours, and other ports to everybody', () => {
  const open =
    'open: [{ port: 22, cidrs: [10.9.0.0/16] }, { port: 22, protocol: udp, cidrs: [0.0.0.0/0] }, { port: 443, cidrs: [0.0.0.0/0] }]';
  expect(() => withMachines(`db: { ${machine}, ${open} }`)).not.toThrow();
});

describe('on metal', () => {
  const withHost = (host: string, more = ''): Environment =>
    labWith(['    hosts:\n', `    machines:\n      files: { host: ${host}${more} }\n    hosts:\n`]);

  test('a host of a cluster is no machine beside it', () => {
    expect(() => withHost('work-01')).toThrow(
      'sites.hall.machines.files.host: "work-01" is not allowed: must be named in one place: it is in clusters.plant.nodeGroups.workers.hosts already',
    );
  });

  test('a machine is a host of its site', () => {
    expect(() => withHost('db-99')).toThrow(
      'sites.hall.machines.files.host: "db-99" is not allowed: must be a host of its site',
    );
  });
});
