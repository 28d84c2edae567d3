import { checkHostedMachines } from './hosts/hosted-machines';
import type { Machine } from './hosts/machine';
import { readMachines } from './hosts/machines';
import { withNames } from './hosts/metal-machines';
import { readReleases, type Release } from './hosts/releases';
import { runCdktf, type CdktfOutcome } from './deploy';
import { checkFaults, setFaults, type Fault } from './faults';
import { readProvisionedHosts } from './provisioned-hosts';
import type { RehearsalReport, StackReport } from './report';
import { leftStacks } from './left-stacks';
import { isEmptyPlan, secondPlans } from './second-plans';
import { counted } from './progress';
import { Session, type RehearsalOptions } from './session';
import type { StackRun } from './stack-run';
import { readState } from './state';
import { stateFileOf, type StackFile, type SynthesizedStack } from './synthesized';
import type { StackPlan } from './terraform';
import { putPrecondition } from './world';

/** A rehearsal of a deploy. */
export interface UpOptions extends RehearsalOptions {
  readonly faults: readonly Fault[];
  /** Stacks that run at once. @default - as many as their dependencies allow */
  readonly parallelism?: number;
}

/** What a rehearsal of a deploy came to. */
export interface UpReport extends RehearsalReport {
  /** Stacks that failed, each with where its log is. */
  readonly failures: readonly { readonly run: StackRun; readonly log: string }[];
  /** Machines that run as hosts. @default - the rehearsal has none */
  readonly machines?: readonly Machine[];
  /** Helm releases that the hosts' clusters were to get. @default - the rehearsal has no hosts */
  readonly releases?: readonly Release[];
  /** What cdktf said, if it failed and no stack did. */
  readonly complaint: string;
}

/** Deploys an environment by the real cdktf and Terraform against the simulated cloud, and plans every stack once more. */
export async function rehearseUp(options: UpOptions): Promise<UpReport> {
  return Session.run(options, (session) => deployIn(session, options));
}

/** The same, by one who works in the environment already. */
export async function deployIn(session: Session, options: UpOptions): Promise<UpReport> {
  const { workspace } = session;
  const { progress, interruption, faults, parallelism } = options;
  const stacks = await session.prepare((synthesized) => {
    checkFaults(faults, synthesized);
    if (session.withHosts) checkHostedMachines(options.environment, synthesized);
  });
  setFaults(workspace, faults);
  const standing = withNames(options.hosts?.standing ?? [], stacks);
  for (const it of standing) putPrecondition(workspace.world, it);
  if (session.withHosts) await session.phase('lab', () => session.lab.start(options.hosts));
  tellAboutLeftStacks(session, stacks);
  progress.say(`deploying ${counted(stacks.length, 'stack')} of '${options.environment}'`);
  const outcome = await session.phase('deploy', () =>
    runCdktf({
      verb: 'deploy',
      stacks: stacks.map((it) => it.name),
      ...{ workspace, env: session.env, progress, interruption },
      ...(parallelism === undefined ? {} : { parallelism }),
    }),
  );
  progress.end();
  // A fault that did not strike must not strike the plans.
  setFaults(workspace, []);
  const plans = outcome.ok ? await planAgain(session, stacks) : [];
  return reportOf(session, stacks, outcome, plans);
}

async function planAgain(session: Session, stacks: readonly SynthesizedStack[]): Promise<StackPlan[]> {
  session.options.progress.say('planning every stack once more');
  return session.phase('second plans', () => secondPlans(session.terraform, stacks));
}

function tellAboutLeftStacks({ workspace, options }: Session, stacks: readonly SynthesizedStack[]): void {
  for (const { stack } of leftStacks(workspace.out, stacks)) {
    options.progress.say(
      `stack '${stack}' is no longer in the program but still has resources; 'drover rehearse ${options.environment} --down' destroys it too`,
    );
  }
}

function resourcesIn(content: StackFile): Pick<StackReport, 'resources' | 'byProvider'> {
  const { resources, byProvider } = readState(stateFileOf(content));
  return { resources, byProvider };
}

function reportOf(
  session: Session,
  stacks: readonly SynthesizedStack[],
  outcome: CdktfOutcome,
  plans: readonly StackPlan[],
): UpReport {
  const { workspace, options, phases } = session;
  const reports = stacks.map(({ name, content }) => {
    const run = outcome.stacks.find((it) => it.name === name);
    const secondPlan = plans.find((it) => it.stack === name);
    const { startedAt, finishedAt } = run ?? {};
    return {
      name,
      state: run?.state ?? 'waiting',
      ...resourcesIn(content),
      ...(startedAt !== undefined && finishedAt !== undefined ? { ms: finishedAt - startedAt } : {}),
      ...(secondPlan ? { secondPlan } : {}),
    };
  });
  const failures = outcome.stacks
    .filter((it) => it.state === 'failed')
    .map((run) => ({ run, log: workspace.shown(workspace.stackLog(run.name)) }));
  return {
    environment: options.environment,
    ok: outcome.ok && plans.length === stacks.length && plans.every(isEmptyPlan),
    stacks: reports,
    phases,
    provisioned: readProvisionedHosts(workspace.world),
    failures,
    ...(session.withHosts ? { machines: readMachines(workspace.dir), releases: readReleases(workspace.dir) } : {}),
    complaint: failures.length === 0 ? outcome.complaint : '',
  };
}
