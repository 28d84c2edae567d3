import { existsSync, readdirSync } from 'node:fs';
import { Interruption } from '../../rehearsal/interruption';
import { Progress } from '../../rehearsal/progress';
import { rehearseUp, type UpOptions } from '../../rehearsal/up';
import { TestProject } from './support/project';

const project = new TestProject();
afterAll(() => project.remove());
for (const command of ['systemd-nspawn', 'mmdebstrap', 'mkfs.xfs']) project.program(command, 'exit 0');
project.program('terraform', `echo '{"terraform_version":"1.11.4"}'`);
project.setStacks({ 'staging-shop-cluster': { resource: { azurerm_linux_virtual_machine: { vm: { name: 's1' } } } } });

const up = (options: Pick<UpOptions, 'faults' | 'hosts'>): Promise<unknown> =>
  rehearseUp({
    projectRoot: project.root,
    environment: 'staging',
    env: project.env(),
    progress: new Progress({ write: () => undefined }),
    interruption: new Interruption(),
    resumeBy: 'drover rehearse staging',
    ...options,
  });

/** What a refused rehearsal would leave for the next one. */
const made = (): string[] =>
  ['world', 'lab', 'bin', 'providers']
    .map((name) => project.file('.drover/rehearsal/staging', name))
    .filter((it) => existsSync(it) && readdirSync(it).length > 0);

const asRoot = process.getuid?.() === 0 ? test : test.skip;
if (process.getuid?.() !== 0) console.warn('skipped: hosts need root');

asRoot('machines that hosts cannot play are refused before anything is made for them', async () => {
  const hosts = { artifactUrl: 'https://releases.example.com', kubernetesVersions: [], standing: [] };
  await expect(up({ faults: [], hosts })).rejects.toMatchObject({
    message:
      "'--hosts' runs machines of AWS and of metal as hosts, but 'staging' has 'azurerm_linux_virtual_machine'; rehearse it without '--hosts'",
    exitCode: 2,
  });
  expect(made()).toEqual([]);
});

test('so is a fault that could never strike', async () => {
  const faults = [{ type: 'aws_vpc', op: 'create', mode: 'refuse', times: 1 }] as const;
  await expect(up({ faults })).rejects.toMatchObject({
    message:
      "'--fail aws_vpc' names a type that no stack of this environment has; see the types with 'drover inventory'",
    exitCode: 2,
  });
  expect(made()).toEqual([]);
});
