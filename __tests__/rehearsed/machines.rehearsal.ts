import fs from 'node:fs';
import path from 'node:path';
import { readProvisionedHosts } from '../../rehearsal/provisioned-hosts';
import { Workspace } from '../../rehearsal/workspace';
import { folderWith, lines, rehearseIn, type Outcome } from './drover';
import { madeByType, wantedByType } from './world';

/** A site on AWS with one machine that is no node; on Azure the example environment has one. */
const AWS = `name: tools
domain: tools.example.com
dns: { zone: tools.example.com }
state: { kind: s3, bucket: example-drover-tools, region: eu-west-1, kmsKeyId: alias/drover-tools }
sites:
  eu:
    platform: aws
    region: eu-west-1
    cidr: 10.70.0.0/16
    machines:
      db:
        machine: &machine { instanceType: m7i.large, image: ami-0a1b2c3d4e5f60718 }
        dataDisk: { GiB: 100, mountPoint: /srv/db }
        open: [{ port: 5432, cidrs: [10.70.0.0/16] }]
        hooks: { after: [tools/test.sh] }
management:
  site: eu
  hostname: rancher.tools.example.com
  servers: { count: 1, machine: *machine }
`;

/** The same on metal. */
const METAL = `name: shed
domain: shed.example.com
dns: { zone: shed.example.com, public: false, manual: true }
state: { kind: s3, bucket: drover-shed, region: eu-west-1, endpoint: https://s3.example.com }
secrets: { kind: vault, address: https://vault.example.com:8200 }
sites:
  yard:
    platform: metal
    region: yard-1
    cidr: 10.80.0.0/24
    ssh:
      bastion:
        host: bastion.example.com
        hostKey: &authority ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEN3q06RDdkIvgENWqXQ46Fl7yEuV0nkYQBS78NF9kBE
    hosts:
      mgmt-01: { address: 10.80.0.11, hostKey: *authority, disks: { data: serial:M1 } }
      gate-01: { address: 10.80.0.21, hostKey: *authority }
      gate-02: { address: 10.80.0.22, hostKey: *authority }
      db-01: { address: 10.80.0.31, hostKey: *authority, disks: { data: serial:D1 } }
      db-02: { address: 10.80.0.32, hostKey: *authority }
    machines:
      db: { host: db-01, dataDisk: { mountPoint: /srv/db }, open: [{ port: 5432, cidrs: [10.80.0.0/24] }] }
      cache: { host: db-02 }
management:
  site: yard
  hostname: rancher.shed.example.com
  servers: { hosts: [mgmt-01] }
  loadBalancer: { kind: keepalived, hosts: [gate-01, gate-02], virtualAddress: 10.80.0.5 }
`;
const CACHE = '      cache: { host: db-02 }\n';

function fleet(environment: string, text: string): (options: readonly string[], from?: string, to?: string) => Outcome {
  return (options, from = '', to = '') =>
    rehearseIn(environment, options, folderWith(environment, text.replace(from, to)));
}

function expectWhole(up: Outcome, some: readonly string[]): void {
  expect(up).toMatchObject({ code: 0, ok: true });
  expect(up.stacks?.map(({ name }) => name)).toEqual(expect.arrayContaining([...some]));
  for (const stack of up.stacks ?? []) {
    expect(stack).toMatchObject({ state: 'done', secondPlan: { changes: [], errors: [] } });
  }
}

describe('a site on AWS with a machine that is no node', () => {
  const workspace = new Workspace(path.resolve('.'), 'tools');
  const rehearse = fleet('tools', AWS);

  test('is applied stack by stack, and a second plan of every stack is empty', () => {
    fs.rmSync(workspace.dir, { recursive: true, force: true });
    expectWhole(rehearse([]), ['tools-eu-network', 'tools-eu-machines']);
    expect(madeByType(workspace)).toEqual(wantedByType(workspace));
  });

  test('replaces the machine by its number alone; its disk and its address stay', () => {
    expect(lines(rehearse(['--plan'], '      db:\n', '      db:\n        renew: 1\n'))).toEqual([
      'replace aws_instance.machines_each_db_machine',
      'replace aws_ssm_association.machines_each_db_readiness_association',
      'replace aws_ssm_parameter.machines_each_db_reached_db-number',
      'replace aws_volume_attachment.machines_each_db_disk-attachment',
      'update terraform_data.machines_each_db_renewal',
      'update terraform_data.machines_renewals_guard',
    ]);
  });

  test('is taken away again, and nothing is left', () => {
    expect(rehearse(['--down'])).toMatchObject({ code: 0, leftovers: [] });
  });
});

describe('a site on metal with hosts that are in no cluster', () => {
  const workspace = new Workspace(path.resolve('.'), 'shed');
  const rehearse = fleet('shed', METAL);
  const machines = (): string[] =>
    readProvisionedHosts(workspace.world).flatMap(({ name, cluster }) => (cluster === '' ? [name] : []));

  test('is applied stack by stack, and a second plan of every stack is empty', () => {
    fs.rmSync(workspace.dir, { recursive: true, force: true });
    expectWhole(rehearse([]), ['shed-yard-network', 'shed-yard-machines']);
    expect(machines()).toEqual(['db-01', 'db-02']);
  });

  test('refuses a host that is gone without leaving, and lets one go that is told to', () => {
    expect(JSON.stringify(rehearse(['--plan'], CACHE, '').stacks)).toContain(
      "hosts of site 'yard' are no longer among its machines and were not told to leave: db-02",
    );
    expect(rehearse([], CACHE, '    leaving: [db-02]\n')).toMatchObject({ code: 0, ok: true });
    expect(machines()).toEqual(['db-01']);
  });

  test('is taken away again, and nothing is left', () => {
    expect(rehearse(['--down'])).toMatchObject({ code: 0, leftovers: [] });
  });
});
