import { setFaults } from './faults';
import { leftStacks, type LeftStack } from './left-stacks';
import { isPlan, planStacks, type EnvironmentPlan } from './plan';
import { counted } from './progress';
import { Session, type RehearsalOptions } from './session';
import { isEmptyPlan } from './second-plans';
import { planSummary } from './report';

/** What a deploy would change. */
export interface EnvironmentPlanReport extends EnvironmentPlan {
  readonly environment: string;
  /** Whether neither Terraform nor the guard refuses, and no stack is left behind. */
  readonly ok: boolean;
  readonly hasChanges: boolean;
  /** Stacks that have left the program with their resources, which a deploy would leave alone: refused. */
  readonly left: readonly LeftStack[];
}

/** Plans every stack of an environment against the rehearsed world, and changes nothing. */
export async function rehearsePlan(options: RehearsalOptions): Promise<EnvironmentPlanReport> {
  return Session.run(options, async (session) => {
    const { progress, environment } = options;
    const stacks = await session.prepare();
    setFaults(session.workspace, []);
    progress.say(`planning ${counted(stacks.length, 'stack')} of '${environment}'`);
    const plan = await session.phase('plan', () =>
      planStacks(session.terraform, stacks, {
        planned: (it) => progress.say(`  ${it.stack}: ${isPlan(it) ? planSummary(it) : 'not planned yet'}`),
      }),
    );
    const planned = plan.results.filter(isPlan);
    const left = leftStacks(session.workspace.out, stacks);
    return {
      ...plan,
      environment,
      ok: planned.every((it) => it.errors.length === 0) && plan.verdicts.every((it) => it.ok) && left.length === 0,
      left,
      // A stack that could not be planned would at least be created or updated.
      hasChanges: planned.length < plan.results.length || planned.some((it) => !isEmptyPlan(it)),
    };
  });
}
