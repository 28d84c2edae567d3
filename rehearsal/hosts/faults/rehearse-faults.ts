import { Session } from '../../session';
import { rehearseUp, type UpOptions, type UpReport } from '../../up';
import { Workspace } from '../../workspace';
import type { Fault } from './fault';
import { LabClient } from './lab-client';
import { SessionOperator } from './operator';
import { runFaults, type FaultRun } from './run-faults';

/** What came of faults; `up` is the deploy that had to come before and failed. */
export type FaultsReport =
  | { readonly environment: string; readonly ok: boolean; readonly runs: readonly FaultRun[] }
  | { readonly up: UpReport };

/** Runs faults on an environment whose machines run as hosts; it is deployed first if it is not up. */
export async function rehearseFaults(faults: readonly Fault[], options: UpOptions): Promise<FaultsReport> {
  const { projectRoot, environment, env, interruption, progress } = options;
  const { dir } = new Workspace(projectRoot, environment);
  const steadyLab = new LabClient({ projectRoot, workspace: dir, env });
  if (!(await steadyLab.isUp())) {
    const up = await rehearseUp(options);
    if (!up.ok) return { up };
  }
  const lab = new LabClient({ projectRoot, workspace: dir, env, interruption });
  const say = (line: string): void => progress.say(line);
  return Session.run(options, async (session) => {
    const operator = new SessionOperator(session, options);
    const runs = await runFaults(faults, { environment, lab, steadyLab, interruption, say, operator });
    return { environment, ok: runs.every((it) => it.verdict === 'as expected'), runs };
  });
}
