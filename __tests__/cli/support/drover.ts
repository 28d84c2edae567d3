import { runDrover } from '../../../cli/program';
import { Interruption } from '../../../rehearsal/interruption';
import type { ProcessEnvironment } from '../../../rehearsal/process';
import type { TestProject } from '../../rehearsal/support/project';

interface DroverOptions {
  readonly env?: ProcessEnvironment;
  readonly interruption?: Interruption;
}

/** Runs `drover` within a test project and gives its exit code and what it printed. */
export async function drover(
  project: TestProject,
  argv: readonly string[],
  { env = project.env(), interruption = new Interruption() }: DroverOptions = {},
): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await runDrover(argv, {
    projectRoot: project.root,
    workingDirectory: project.root,
    env,
    out: (text) => (out += text),
    err: (text) => (err += text),
    interruption,
  });
  return { code, out, err };
}
