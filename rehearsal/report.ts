import { countActions } from '../review/plan-changes';
import { attributeLines } from './attribute-lines';
import { formatDiagnostic, isRefusal } from './diagnostics';
import { provisionedHostsText, type ProvisionedHost } from './provisioned-hosts';
import { isEmptyPlan } from './second-plans';
import type { StackPlan } from './terraform';
import { counted, indent, seconds } from './progress';
import type { StackRun } from './stack-run';

/** A stack in the table at the end of a rehearsal. */
export interface StackReport {
  readonly name: string;
  readonly state: StackRun['state'];
  /** Resources that it owns now. */
  readonly resources: number;
  /** The same by provider. @default - not told */
  readonly byProvider?: Readonly<Record<string, number>>;
  /** Time it took. @default - it did not run */
  readonly ms?: number;
  /** @default - not planned again */
  readonly secondPlan?: StackPlan;
}

/** A phase of a rehearsal and how long it took. */
export interface Phase {
  readonly name: string;
  readonly ms: number;
}

/** What a rehearsal came to. */
export interface RehearsalReport {
  readonly environment: string;
  readonly ok: boolean;
  readonly stacks: readonly StackReport[];
  readonly phases: readonly Phase[];
  /** Hosts that Terraform has provisioned by SSH. @default - none */
  readonly provisioned?: readonly ProvisionedHost[];
}

/** The table at the end: stacks, resources, seconds, second plan, total; then what these are by platform. */
export function reportTable({ stacks, phases, provisioned = [] }: RehearsalReport): string {
  const rows = stacks.map((it) => [
    it.name,
    String(it.resources),
    it.ms === undefined ? '-' : seconds(it.ms),
    it.state === 'done' ? secondPlanText(it.secondPlan) : stateText(it.state),
  ]);
  const resources = stacks.reduce((sum, it) => sum + it.resources, 0);
  const total = phases.reduce((sum, it) => sum + it.ms, 0);
  const body = [
    ['stack', 'resources', 'time', 'second plan'],
    ...rows,
    [counted(stacks.length, 'stack'), String(resources), seconds(total), verdict(stacks)],
  ];
  const phaseLine = phases.map((it) => `${it.name} ${seconds(it.ms)}`).join(', ');
  return [
    table(body, ['left', 'right', 'right', 'left']),
    phaseLine,
    ...providerLine(stacks),
    ...(provisioned.length === 0 ? [] : [provisionedHostsText(provisioned)]),
  ].join('\n');
}

/** How many resources each provider has made, the most first. */
function providerLine(stacks: readonly StackReport[]): string[] {
  const counts = new Map<string, number>();
  for (const [provider, count] of stacks.flatMap((it) => Object.entries(it.byProvider ?? {}))) {
    counts.set(provider, (counts.get(provider) ?? 0) + count);
  }
  if (counts.size === 0) return [];
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return [`resources: ${sorted.map(([provider, count]) => `${provider} ${count}`).join(', ')}`];
}

/** What the second plans would change, if anything: a paragraph each. */
export function secondPlanDetails(stacks: readonly StackReport[]): string {
  const plans = stacks.flatMap((it) => it.secondPlan ?? []).filter((it) => !isEmptyPlan(it));
  return plans
    .map((plan) => [`second plan of ${plan.stack}:`, ...planLines(plan).map((it) => indent(it, '  '))].join('\n'))
    .join('\n');
}

const signs = { create: '+', update: '~', replace: '-/+', destroy: '-', forget: 'forget' } as const;

/** A plan, a line for each change with why and what; refusals and errors as Terraform words them. */
export function planLines(plan: StackPlan): string[] {
  const changes = plan.changes.flatMap((it) => [
    `${signs[it.action]} ${it.address}${it.reasons.length === 0 ? '' : `  (${it.reasons.join('; ')})`}`,
    ...attributeLines(it.attributes).map((line) => `    ${line}`),
  ]);
  const outputs = plan.outputs.map((it) => `~ output ${it}`);
  const limits = plan.limits.map((it) => `note: ${it}`);
  return [
    ...changes,
    ...outputs,
    ...limits,
    ...plan.errors.map((it) => `${isRefusal(it) ? 'refused' : 'error'}: ${formatDiagnostic(it)}`),
  ];
}

/** A plan in one line. */
export function planSummary(plan: StackPlan): string {
  const counts = countActions(plan.changes);
  const parts = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([action, count]) => `${count} to ${action}`);
  const refused = plan.errors.filter(isRefusal).length;
  const failed = plan.errors.length - refused;
  const outputs = plan.outputs.length === 0 ? '' : `${counted(plan.outputs.length, 'output')} to change`;
  const errors = [outputs, refused === 0 ? '' : `${refused} refused`, failed === 0 ? '' : counted(failed, 'error')];
  return [...parts, ...errors].filter((it) => it !== '').join(', ') || 'no changes';
}

function secondPlanText(plan: StackPlan | undefined): string {
  if (plan === undefined) return '-';
  return isEmptyPlan(plan) ? 'empty' : planSummary(plan);
}

function stateText(state: Exclude<StackRun['state'], 'done'>): string {
  return { waiting: 'not started', running: 'interrupted', failed: 'FAILED' }[state];
}

function verdict(stacks: readonly StackReport[]): string {
  const bad = stacks.filter((it) => it.state !== 'done' || secondPlanText(it.secondPlan) !== 'empty').length;
  return bad === 0 ? 'all empty' : `${bad} not as they should be`;
}

/** Columns of text under each other. */
export function table(rows: readonly (readonly string[])[], sides: readonly ('left' | 'right')[]): string {
  const widths = sides.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        sides[column] === 'right' ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return rows.map(line).join('\n');
}
