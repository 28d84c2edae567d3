import { Interruption } from '../../../rehearsal/interruption';
import { Progress } from '../../../rehearsal/progress';
import { Session } from '../../../rehearsal/session';
import { TestProject } from '../support/project';

const project = new TestProject();
afterAll(() => project.remove());
for (const command of ['systemd-nspawn', 'mmdebstrap', 'mkfs.xfs']) project.program(command, 'exit 0');
project.program('terraform', `echo '{"terraform_version":"1.11.4"}'`);

const run = (): Promise<string> =>
  Session.run(
    {
      projectRoot: project.root,
      environment: 'dev',
      env: project.env(),
      progress: new Progress({ write: () => undefined }),
      interruption: new Interruption(),
      hosts: { artifactUrl: 'https://releases.example.com', kubernetesVersions: [], standing: [] },
      resumeBy: 'drover rehearse dev --hosts',
    },
    () => Promise.resolve('ran'),
  );
const asRoot = process.getuid?.() === 0 ? test : test.skip;
if (process.getuid?.() !== 0) console.warn('skipped: hosts need root');

asRoot('machines that were only recorded are refused with what to do', async () => {
  expect(await run()).toBe('ran');
  project.write(
    '.drover/rehearsal/dev/world/aws_vpc/vpc-1~00000000.json',
    JSON.stringify({ type: 'aws_vpc', id: 'vpc-1', provider: 'aws', scope: 'eu-west-1', attrs: {} }),
  );
  await expect(run()).rejects.toMatchObject({
    message:
      "'dev' is rehearsed without hosts (1 object), so others have spoken for its machines already; 'drover rehearse dev --down' first, then '--hosts'",
    exitCode: 2,
  });
  project.write('.drover/rehearsal/dev/lab/lock', '');
  expect(await run()).toBe('ran');
});
