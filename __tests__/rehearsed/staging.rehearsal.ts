import fs from 'node:fs';
import { lines, rehearsalOf, type Edit } from './drover';
import { huntStates, secretsOf, unexpected } from './hunt';
import { madeByType, wantedByType } from './world';

const { workspace, rehearse } = rehearsalOf('staging');

const NEW_IMAGE = ['24.04.202606060', '24.04.202607140'] as const;
const SERVERS = '    count: 3\n';
const renew = (numbers: string): Edit => [SERVERS, `${SERVERS}    renew: ${numbers}\n`];

describe('the example environment on Azure, deployed in rehearsal', () => {
  test('is applied stack by stack, and a second plan of every stack is empty', () => {
    fs.rmSync(workspace.dir, { recursive: true, force: true });
    const up = rehearse([]);
    expect(up).toMatchObject({ code: 0, ok: true });
    expect(up.stacks?.map(({ name }) => name)).toEqual([
      'staging-weu-network',
      'staging-management-servers',
      'staging-management-rancher',
      'staging-management-policy',
      'staging-shop-cluster',
      'staging-shop-services',
      'staging-shop-apps',
      'staging-weu-machines',
    ]);
    for (const stack of up.stacks ?? []) {
      expect(stack).toMatchObject({ state: 'done', secondPlan: { changes: [], errors: [] } });
    }
    // The blob beyond what the stacks have is the marker, which the first server wrote itself.
    const wanted = wantedByType(workspace);
    expect(madeByType(workspace)).toEqual({
      ...wanted,
      azurerm_storage_blob: (wanted['azurerm_storage_blob'] ?? 0) + 1,
    });
  });

  test('keeps secrets in its vault and in no state but at the listed addresses', () => {
    const secrets = secretsOf(workspace.world);
    expect(secrets.size).toBeGreaterThanOrEqual(8);
    expect(secrets).not.toContain('pending');
    expect(unexpected(huntStates(workspace.state, secrets))).toEqual([]);
  });

  test('changes exactly one resource when a group may grow further', () => {
    const plan = rehearse(['--plan'], ['maxSize: 6', 'maxSize: 8']);
    expect(lines(plan)).toEqual([
      'update azurerm_linux_virtual_machine_scale_set.machines_groups_workers_machines_group',
    ]);
  });

  test('refuses to renew two servers at once, and says why', () => {
    expect(JSON.stringify(rehearse(['--plan'], renew('{ s1: 1, s3: 1 }')).stacks)).toContain(
      'more than one server would be renewed in one apply: s1, s3; raise one number, apply, wait until it is healthy, then raise the next',
    );
  });

  test('replaces exactly the server whose number is raised, whatever else is new; its disk and its address stay', () => {
    expect(lines(rehearse(['--plan'], NEW_IMAGE, renew('{ s1: 1 }')))).toEqual([
      'replace azurerm_key_vault_secret.management_servers_renewals_s1-number',
      'replace azurerm_linux_virtual_machine.management_servers_s1_machine',
      'replace azurerm_virtual_machine_data_disk_attachment.management_servers_s1_disk-attachment',
      'replace azurerm_virtual_machine_extension.management_servers_s1_readiness_extension',
      'update terraform_data.management_servers_renewals_guard',
      'update terraform_data.management_servers_s1_renewal',
    ]);
  });

  test('replaces a machine of the site by its number alone; its disk and its address stay', () => {
    expect(lines(rehearse(['--plan'], NEW_IMAGE, ['      files:\n', '      files:\n        renew: 1\n']))).toEqual([
      'replace azurerm_key_vault_secret.machines_each_files_reached_files-number',
      'replace azurerm_linux_virtual_machine.machines_each_files_machine',
      'replace azurerm_virtual_machine_data_disk_attachment.machines_each_files_disk-attachment',
      'replace azurerm_virtual_machine_extension.machines_each_files_readiness_extension',
      'update terraform_data.machines_each_files_renewal',
      'update terraform_data.machines_renewals_guard',
    ]);
  });

  test('takes away its bastion and the ways in from it, and nothing else', () => {
    expect(lines(rehearse(['--plan'], ['    bastion: true\n', '']))).toEqual([
      'destroy azurerm_bastion_host.network_bastion_host',
      'destroy azurerm_network_security_group.network_bastion_security_group',
      'destroy azurerm_network_security_rule.foundation_security_rules_server-ssh-from-bastion',
      'destroy azurerm_network_security_rule.foundation_security_rules_worker-ssh-from-bastion',
      'destroy azurerm_network_security_rule.security_rules_server-ssh-from-bastion',
      'destroy azurerm_network_security_rule.security_rules_worker-ssh-from-bastion',
      'destroy azurerm_public_ip.network_bastion_address',
      'destroy azurerm_subnet.network_bastion_subnet',
      'destroy azurerm_subnet_network_security_group_association.network_bastion_rules',
      'update azurerm_network_security_group.machines_each_files_security_group',
    ]);
  });

  test('renews one server and is then at rest again', () => {
    const before = madeByType(workspace);
    expect(rehearse([], NEW_IMAGE, renew('{ s1: 1 }'))).toMatchObject({ code: 0, ok: true });
    expect(madeByType(workspace)).toEqual(before);
  });

  test('is taken away whole; of the vault only the name is kept, and that is told', () => {
    const down = rehearse(['--down']);
    expect(down).toMatchObject({ code: 0, ok: true, leftovers: [] });
    expect(down).toMatchObject({
      kept: [{ type: 'azurerm_key_vault', id: expect.stringMatching(/vaults\/drover-staging-/) }],
    });
  });
});
