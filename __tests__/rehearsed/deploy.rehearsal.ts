import fs from 'node:fs';
import path from 'node:path';
import { changedEnvironment, changesOf, deployed, lines, objectsInWorld, rehearse, WORKSPACE } from './drover';

const WORKERS = /      workers:\n(?:        .*\n|          .*\n)+/;
const NEW_IMAGE = ['/20260714/', '/20260810/'] as const;
const SERVERS = '    count: 3\n';
const SHOP = '  shop:\n    site: eu\n';
const renew = (numbers: string) => [SERVERS, `${SERVERS}    renew: ${numbers}\n`] as const;

describe('the example environment, deployed in rehearsal', () => {
  test('is applied stack by stack, and a second plan of every stack is empty', () => {
    const up = deployed();
    expect(up).toMatchObject({ code: 0, ok: true });
    expect(up.stacks?.map(({ name }) => name)).toEqual([
      'dev-eu-network',
      'dev-management-servers',
      'dev-management-rancher',
      'dev-management-policy',
      'dev-shop-cluster',
      'dev-shop-services',
      'dev-shop-apps',
    ]);
    for (const stack of up.stacks ?? []) {
      expect(stack).toMatchObject({ state: 'done', secondPlan: { changes: [], errors: [] } });
    }
  });

  test('changes exactly one resource when a group may grow further', () => {
    const plan = rehearse(['--plan'], changedEnvironment(['maxSize: 6', 'maxSize: 8']));
    expect(lines(plan)).toEqual(['update aws_autoscaling_group.machines_groups_workers_machines_group']);
  });

  test('loses only the resources of a group that is removed', () => {
    const changes = changesOf(rehearse(['--plan'], changedEnvironment([WORKERS, ''])));
    expect(changes.length).toBeGreaterThan(4);
    for (const change of changes) {
      expect(change).toMatchObject({
        action: 'destroy',
        address: expect.stringContaining('_groups_workers_') as string,
      });
    }
  });

  test('replaces exactly the server whose number is raised, whatever else is new; its disk and its address stay', () => {
    const plan = rehearse(['--plan'], changedEnvironment(NEW_IMAGE, renew('{ s1: 1 }')));
    expect(lines(plan)).toEqual([
      'replace aws_instance.management_servers_s1_machine',
      'replace aws_ssm_association.management_servers_s1_readiness_association',
      'replace aws_ssm_parameter.management_servers_renewals_s1-number',
      'replace aws_volume_attachment.management_servers_s1_disk-attachment',
      'update terraform_data.management_servers_renewals_guard',
      'update terraform_data.management_servers_s1_renewal',
    ]);
    expect(plan.verdicts).toMatchObject([{ ok: true, rule: 'one-server-at-a-time' }]);
  });

  test('refuses to renew two servers at once, and says why', () => {
    const deploy = rehearse([], changedEnvironment(renew('{ s1: 1, s3: 1 }')));
    expect(deploy).toMatchObject({ code: 1, ok: false });
    expect(JSON.stringify(deploy.failures)).toContain(
      'more than one server would be renewed in one apply: s1, s3; raise one number, apply, wait until it is healthy, then raise the next',
    );
  });

  test.each([
    ['network-stays', 'would be made anew (aws_vpc.', ['cidr: 10.20.0.0/16', 'cidr: 10.40.0.0/16'] as const],
    [
      'versions-rise',
      'from v1.35.7+rke2r1 to v1.33.1+rke2r1',
      [SHOP, `${SHOP}    kubernetesVersion: v1.33.1+rke2r1\n`] as const,
    ],
  ])('refuses by %s what cannot be undone', (rule, text, edit) => {
    const plan = rehearse(['--plan'], changedEnvironment(edit));
    expect(plan.code).toBe(1);
    expect(plan.verdicts).toContainEqual(
      expect.objectContaining({ ok: false, rule, text: expect.stringContaining(text) as string }),
    );
  });

  test('renews one server and is then at rest again', () => {
    const [before, disks, interfaces] = ['aws_instance', 'aws_ebs_volume', 'aws_network_interface'].map(objectsInWorld);
    const environment = changedEnvironment(NEW_IMAGE, renew('{ s1: 1 }'));
    expect(rehearse([], environment)).toMatchObject({ code: 0, ok: true });
    const after = objectsInWorld('aws_instance');
    expect(after.length).toBe(before?.length);
    expect(after.filter((id) => !before?.includes(id)).length).toBe(1);
    expect(objectsInWorld('aws_ebs_volume')).toEqual(disks);
    expect(objectsInWorld('aws_network_interface')).toEqual(interfaces);
  });

  test('notices drift', () => {
    const [file = ''] = objectsInWorld('aws_autoscaling_group').filter((it) => it.includes('workers'));
    const target = path.join(WORKSPACE, 'world', 'aws_autoscaling_group', file);
    fs.writeFileSync(target, fs.readFileSync(target, 'utf8').replace(/"max_size": \d+/, '"max_size": 3'));
    const plan = rehearse(['--plan'], changedEnvironment(NEW_IMAGE, renew('{ s1: 1 }')));
    expect(lines(plan)).toEqual(['update aws_autoscaling_group.machines_groups_workers_machines_group']);
  });

  test('is taken away whole', () => {
    expect(rehearse(['--down'])).toMatchObject({ code: 0, ok: true, leftovers: [] });
  });
});
