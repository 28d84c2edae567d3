import { readFileSync } from 'node:fs';
import { TestProject } from '../rehearsal/support/project';
import { drover } from './support/drover';

const project = new TestProject();
afterAll(() => project.remove());

test('prepare ends with the commands of the README', async () => {
  project.linkRepository();
  project.write('tools/app.mjs', "import '../app.js';\n");
  project.setStacks({ 'dev-prepare': { resource: { terraform_data: { bucket: {} } } } });

  const { code, out, err } = await drover(project, ['prepare', 'dev']);

  expect([code, err]).toEqual([0, '']);
  const [, commands = ''] = out.split("it is the only record of what was made. Then, in the project's folder:\n");
  expect(commands).toBe(
    [
      '  export ENVIRONMENT=dev',
      '  npx cdktf synth && npx drover inventory dev',
      '  npx cdktf diff dev-eu-network',
      "  node --unhandled-rejections=warn node_modules/cdktf-cli/bundle/bin/cdktf deploy 'dev-*'",
      '',
    ].join('\n'),
  );
  const readme = readFileSync('README.md', 'utf8');
  for (const command of commands.trim().split('\n')) expect(readme).toContain(`$ ${command.trim()}`);
});
