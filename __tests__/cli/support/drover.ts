import { runDrover } from '../../../cli/program';
import { Interruption } from '../../../rehearsal/interruption';
import type { TestProject } from '../../rehearsal/support/project';

/** Runs `drover` within a test project and gives its exit code and what it printed. */
export async function drover(
  project: TestProject,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>> = project.env(),
): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await runDrover(argv, {
    projectRoot: project.root,
    workingDirectory: project.root,
    env,
    out: (text) => (out += text),
    err: (text) => (err += text),
    interruption: new Interruption(),
  });
  return { code, out, err };
}
