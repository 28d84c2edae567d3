import { drover } from '../cli/support/drover';
import { addPrecondition } from '../../rehearsal/world';
import { TestProject } from './support/project';

const project = new TestProject();
beforeAll(() => {
  project.linkRepository();
  project.program('terraform', `echo '{"terraform_version":"1.11.4"}'`);
});
afterAll(() => project.remove());
const world = project.file('.drover/rehearsal/dev/world');

test('what is left in the world is listed and kept, a precondition is not counted', async () => {
  addPrecondition(world, { type: 'aws_ssm_parameter', id: '/key', scope: 'eu-west-1', attrs: {}, secrets: {} });
  project.write(
    '.drover/rehearsal/dev/world/aws_vpc/vpc-1~0.json',
    '{"type":"aws_vpc","id":"vpc-1","provider":"aws","scope":"eu-west-1"}',
  );
  const { code, out } = await drover(project, ['rehearse', 'dev', '--down']);
  expect([code, out]).toEqual([1, '\n1 object left in the world though no stack owns any:\n  aws_vpc vpc-1\n']);
  const again = await drover(project, ['rehearse', 'dev', '--down', '--json']);
  expect(JSON.parse(again.out)).toMatchObject({ ok: false, leftovers: [{ type: 'aws_vpc', id: 'vpc-1' }] });
});

test('a vault that Azure keeps is told, and is no leftover; its secrets are kept in it', async () => {
  const other = new TestProject();
  other.linkRepository();
  other.program('terraform', `echo '{"terraform_version":"1.11.4"}'`);
  for (const [type, id] of [
    ['azurerm_key_vault', '/vaults/v'],
    ['azurerm_key_vault_secret', 'https://v/s/1'],
  ]) {
    other.write(
      `.drover/rehearsal/dev/world/.deleted/${type}/one~0.json`,
      JSON.stringify({ type, id, provider: 'azurerm', scope: 's' }),
    );
  }
  const { code, out } = await drover(other, ['rehearse', 'dev', '--down']);
  const kept =
    'apart from what is deleted but keeps its name until its retention ends:\n  azurerm_key_vault /vaults/v\n';
  expect([code, out]).toEqual([0, `\nnothing of 'dev' was up; the world is empty\n${kept}`]);
  other.remove();
});

test('with nothing up there is nothing to do', async () => {
  const other = new TestProject();
  other.linkRepository();
  other.program('terraform', `echo '{"terraform_version":"1.11.4"}'`);
  const { code, out } = await drover(other, ['rehearse', 'dev', '--down']);
  expect([code, out]).toEqual([0, "\nnothing of 'dev' was up; the world is empty\n"]);
  other.remove();
});
