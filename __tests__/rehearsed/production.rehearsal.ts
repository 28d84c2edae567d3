import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { lines, rehearsalOf, type Edit } from './drover';
import { huntStates, secretsOf, unexpected } from './hunt';
import { madeByType, wantedByType } from './world';

const { workspace, rehearse } = rehearsalOf('production');

describe('the example environment on three platforms, deployed in rehearsal', () => {
  test('is applied stack by stack, and a second plan of every stack is empty', () => {
    fs.rmSync(workspace.dir, { recursive: true, force: true });
    const up = rehearse([]);
    expect(up).toMatchObject({ code: 0, ok: true });
    expect(up.stacks?.map(({ name }) => name).sort()).toEqual([
      'production-books-apps',
      'production-books-cluster',
      'production-books-services',
      'production-eu-network',
      'production-management-policy',
      'production-management-rancher',
      'production-management-servers',
      'production-paris-network',
      'production-shop-apps',
      'production-shop-branch-apps',
      'production-shop-branch-cluster',
      'production-shop-branch-services',
      'production-shop-cluster',
      'production-shop-services',
      'production-shop-west-apps',
      'production-shop-west-cluster',
      'production-shop-west-services',
      'production-vision-apps',
      'production-vision-cluster',
      'production-vision-services',
      'production-weu-network',
    ]);
    for (const stack of up.stacks ?? []) {
      expect(stack).toMatchObject({ state: 'done', secondPlan: { changes: [], errors: [] } });
    }
    // Beyond what the stacks have, the hosts of the hall are in their clusters.
    expect(madeByType(workspace)).toEqual({ ...wantedByType(workspace), metal_host: 11 });
  });

  test('is told as a table: resources by platform, hosts by cluster', () => {
    const { status, stdout } = spawnSync('node', ['cli/bin.mjs', 'rehearse', workspace.environment], {
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^21 stacks +\d+ .* all empty$/m);
    expect(stdout).toMatch(/^resources: (?=.*\baws \d+)(?=.*\bazurerm \d+)(?=.*\bvault \d+)(?=.*\brancher2 \d+)/m);
    expect(stdout).toContain(
      '11 hosts on metal provisioned by SSH\n' +
        '  shop-branch: door-01, door-02, plane-01, plane-02, plane-03, web-01, web-02, work-01, work-02\n' +
        '  vision: gpu-01, gpu-02\n',
    );
  });

  test('keeps secrets in three stores and in no state but at the listed addresses', () => {
    const secrets = secretsOf(workspace.world);
    expect(secrets.size).toBeGreaterThanOrEqual(12);
    expect(secrets).not.toContain('pending');
    expect(unexpected(huntStates(workspace.state, secrets))).toEqual([]);
  });

  test('changes on one platform what changes there, and nothing on the others', () => {
    const bigger: Edit = [/(Standard_D8s_v5[^]*?)(maxSize: 6)/, '$1maxSize: 8'];
    expect(lines(rehearse(['--plan'], bigger))).toEqual([
      'update azurerm_linux_virtual_machine_scale_set.machines_groups_ingress_machines_group',
    ]);
  });

  test('brings a changed setting to the guests of a cluster, and to nobody else', () => {
    expect(lines(rehearse(['--plan'], ['          accelerator: nvidia\n', '          accelerator: other\n']))).toEqual([
      'replace terraform_data.guests_paris_guests_groups_gpu_gpu-01_bundle',
      'replace terraform_data.guests_paris_guests_groups_gpu_gpu-02_bundle',
      'replace vault_approle_auth_backend_role_secret_id.guests_paris_guests_groups_gpu_gpu-01_role_secret-id',
      'replace vault_approle_auth_backend_role_secret_id.guests_paris_guests_groups_gpu_gpu-02_role_secret-id',
    ]);
  });

  test('hands members on every platform what a new token of Rancher means, and nothing else', () => {
    const plan = rehearse(['--plan'], ['  audit:\n', '  tokenVersion: 2\n  audit:\n']);
    const stacks = plan.stacks
      ?.filter(({ changes }) => (changes ?? []).length > 0)
      .map(({ name, stack }) => name ?? stack);
    expect(stacks).toEqual(['production-management-rancher']);
  });

  test('is taken away whole; of the vault on Azure only the name is kept, and that is told', () => {
    const down = rehearse(['--down']);
    expect(down).toMatchObject({ code: 0, ok: true, leftovers: [] });
    expect(down).toMatchObject({
      kept: [{ type: 'azurerm_key_vault', id: expect.stringMatching(/vaults\/drover-production-/) }],
    });
  });
});
