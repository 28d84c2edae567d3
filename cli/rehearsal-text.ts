import type { DownReport } from '../rehearsal/down';
import { machineTable } from '../rehearsal/hosts/machines';
import { releaseTable } from '../rehearsal/hosts/releases';
import { isPlan, type PlanResult } from '../rehearsal/plan';
import type { EnvironmentPlanReport } from '../rehearsal/plan-environment';
import { counted, indent } from '../rehearsal/progress';
import { planLines, planSummary, reportTable, secondPlanDetails } from '../rehearsal/report';
import { isEmptyPlan } from '../rehearsal/second-plans';
import type { StackRun } from '../rehearsal/stack-run';
import type { UpReport } from '../rehearsal/up';
import { formatDiagnostic } from '../rehearsal/diagnostics';
import { verdictLine } from './verdict-line';

/** The end of a rehearsal of a deploy, for a person. */
export function upText(report: UpReport): string {
  const { environment, ok, failures, complaint, stacks, machines, releases = [] } = report;
  const verdict = ok
    ? `rehearsed: '${environment}' is up; 'drover rehearse ${environment} --plan' shows what a change would do, '--down' takes it away`
    : failedText(failures, complaint, `'drover rehearse ${environment}' goes on from here`);
  const hosts = machines === undefined ? [] : ['', machineTable(machines), releaseTable(releases)];
  return lines('', reportTable(report), ...hosts, '', secondPlanDetails(stacks), verdict);
}

/** The same, for a program. */
export function upJson({
  environment,
  ok,
  stacks,
  phases,
  failures,
  complaint,
  machines,
  releases,
  provisioned = [],
}: UpReport): unknown {
  return {
    environment,
    ok,
    stacks: stacks.map(({ name, state, resources, byProvider, ms, secondPlan }) => ({
      name,
      state,
      resources,
      ...(byProvider === undefined ? {} : { byProvider }),
      ...(ms === undefined ? {} : { seconds: ms / 1000 }),
      ...(secondPlan ? { secondPlan: { changes: secondPlan.changes, errors: secondPlan.errors } } : {}),
    })),
    seconds: Object.fromEntries(phases.map((it) => [it.name, it.ms / 1000])),
    ...(machines === undefined ? {} : { machines }),
    ...(releases === undefined ? {} : { releases }),
    ...(provisioned.length === 0 ? {} : { hosts: provisioned }),
    failures: failures.map(failureJson),
    ...(complaint === '' ? {} : { complaint }),
  };
}

/** What a deploy would change, for a person. */
export function planText({ environment, results, verdicts, left }: EnvironmentPlanReport): string {
  // Stacks without changes are told while planning.
  const telling = results.filter((it) => !isPlan(it) || !isEmptyPlan(it));
  const bodies = telling.map((it) => lines(`${it.stack}: ${summary(it)}`, ...details(it)));
  const behind = left.map(
    ({ stack, resources }) =>
      `LEFT BEHIND: stack '${stack}' is no longer in the program but still has ${counted(resources, 'resource')}, which a deploy would leave; ` +
      'put it back, destroy it, then take it out (docs/operations.md)',
  );
  return lines(
    '',
    bodies.join('') || `nothing of '${environment}' would change`,
    ...verdicts.map(verdictLine),
    ...behind,
  );
}

export function planJson({ environment, ok, hasChanges, results, verdicts, left }: EnvironmentPlanReport): unknown {
  return { environment, ok, hasChanges, stacks: results, verdicts, left };
}

/** The end of a destroy, for a person. */
export function downText({ environment, ok, stacks, leftovers, kept, failures, complaint }: DownReport): string {
  if (!ok && failures.length + complaint.length > 0) {
    return lines('', failedText(failures, complaint, `'drover rehearse ${environment} --down' goes on from here`));
  }
  if (leftovers.length > 0) {
    const list = leftovers.map((it) => `  ${it.type} ${it.id}`);
    return lines('', `${counted(leftovers.length, 'object')} left in the world though no stack owns any:`, ...list);
  }
  const done =
    stacks.length === 0
      ? `nothing of '${environment}' was up`
      : `destroyed ${counted(stacks.length, 'stack')} of '${environment}'`;
  const names = kept.map((it) => `  ${it.type} ${it.id}`);
  const apart =
    names.length === 0 ? [] : ['apart from what is deleted but keeps its name until its retention ends:', ...names];
  return lines('', `${done}; the world is empty`, ...apart);
}

export function downJson({ environment, ok, stacks, leftovers, kept, failures, complaint }: DownReport): unknown {
  return {
    environment,
    ok,
    destroyed: stacks.filter((it) => it.state === 'done').map((it) => it.name),
    leftovers,
    kept,
    failures: failures.map(failureJson),
    ...(complaint === '' ? {} : { complaint }),
  };
}

interface Failure {
  readonly run: StackRun;
  readonly log: string;
}

function failedText(failures: readonly Failure[], complaint: string, next: string): string {
  const each = failures.flatMap(({ run, log }) => [
    `stack '${run.name}' failed:`,
    ...run.errors.map((it) => indent(formatDiagnostic(it), '  ')),
    `  log: ${log}`,
  ]);
  const said = complaint === '' ? [] : [`cdktf said: ${complaint}`];
  const ends =
    failures.length + complaint.length > 0
      ? [`what was made is kept; ${next}`]
      : ['a second plan is not empty: what Terraform made is not what the program says'];
  return [...each, ...said, ...ends].join('\n');
}

const failureJson = ({ run, log }: Failure): unknown => ({ stack: run.name, errors: run.errors, log });

function summary(result: PlanResult): string {
  return isPlan(result)
    ? planSummary(result)
    : `not planned: it uses values of ${result.waitsFor.join(', ')}, to be deployed first`;
}

const details = (result: PlanResult): string[] =>
  isPlan(result) ? planLines(result).map((it) => indent(it, '  ')) : [];

const lines = (...parts: readonly string[]): string =>
  `${parts.filter((it, index) => it !== '' || index === 0).join('\n')}\n`;
