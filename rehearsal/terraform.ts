import { mkdtempSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import { diagnosticOf, parseMessage, type Diagnostic } from './diagnostics';
import { terraformFailed, wasInterrupted } from './errors';
import type { Interruption } from './interruption';
import { run, signal, type Finished, type ProcessEnvironment } from './process';
import { stateFileOf, type SynthesizedStack } from './synthesized';
import { outputChanges, planChanges, type PlanChange } from '../review/plan-changes';
import { changesInMessages } from './plan-messages';
import { tagsInState } from './state';
import type { Workspace } from './workspace';

/** A plan of a stack, or why there is none. */
export interface StackPlan {
  readonly stack: string;
  readonly changes: readonly PlanChange[];
  /** Outputs that change; other stacks may use them. */
  readonly outputs: readonly string[];
  /** What could not be found out about this plan, and why; a sentence each. */
  readonly limits: readonly string[];
  /** Why Terraform refuses to plan; empty if it planned. */
  readonly errors: readonly Diagnostic[];
}

/** Exit code of `plan -detailed-exitcode` when there are changes. */
const CHANGES = 2;

/** Terraform in the folder of one stack. */
export class Terraform {
  public constructor(
    private readonly workspace: Workspace,
    private readonly env: ProcessEnvironment,
    private readonly interruption: Interruption,
  ) {}

  /** Plans a stack against its present state, as `terraform plan` does. */
  public async plan(stack: SynthesizedStack): Promise<StackPlan> {
    const folder = mkdtempSync(path.join(stack.dir, '.terraform-plan-'));
    try {
      const file = path.join(folder, 'plan');
      await this.initialise(stack);
      const planned = await this.run(stack, ['plan', '-input=false', '-json', '-detailed-exitcode', `-out=${file}`]);
      const nothing = { stack: stack.name, changes: [], outputs: [], errors: [], limits: [] };
      switch (planned.code) {
        case 0:
          return nothing;
        case CHANGES:
          return { ...nothing, ...(await this.changesOf(stack, file, planned)) };
        default:
          return { ...nothing, errors: this.errorsOf(stack, planned.stdout, planned.stderr) };
      }
    } finally {
      // A plan holds secrets of the state.
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Takes a resource out of the state of a stack; what it is of stays. */
  public async forget(stack: SynthesizedStack, address: string): Promise<void> {
    await this.succeed(stack, ['state', 'rm', address]);
  }

  private async succeed(stack: SynthesizedStack, args: readonly string[]): Promise<void> {
    const finished = await this.run(stack, args);
    if (finished.code !== 0) throw this.failure(stack, args[0] ?? '', finished);
  }

  private async changesOf(
    stack: SynthesizedStack,
    file: string,
    planned: Finished,
  ): Promise<Pick<StackPlan, 'changes' | 'outputs' | 'limits'>> {
    const shown = await this.run(stack, ['show', '-json', file]);
    if (shown.code === 0) {
      const plan: unknown = JSON.parse(shown.stdout);
      return { changes: planChanges(plan), outputs: outputChanges(plan), limits: [] };
    }
    // Terraform 1.11 cannot show a plan with a condition on an ephemeral resource: "unsupported resource mode 69".
    if (!/^panic: /m.test(shown.stderr)) throw this.failure(stack, 'show', shown);
    const messages = planned.stdout.split('\n').flatMap((line) => parseMessage(line) ?? []);
    return {
      changes: changesInMessages(messages, tagsInState(stateFileOf(stack.content))),
      outputs: [],
      limits: [`'terraform show -json' crashed on this plan (${panicOf(shown.stderr)}), so only addresses are known`],
    };
  }

  private async initialise(stack: SynthesizedStack): Promise<void> {
    const finished = await this.run(stack, ['init', '-input=false', '-no-color']);
    if (finished.code !== 0) throw this.failure(stack, 'init', finished);
  }

  private async run(stack: SynthesizedStack, args: readonly string[]): Promise<Finished> {
    const [verb = ''] = args;
    const command = {
      command: 'terraform',
      args,
      cwd: stack.dir,
      env: this.env,
      // What `show` prints is the plan with its secrets.
      ...(verb === 'show' ? {} : { logFile: this.logFile(stack, verb) }),
      stop: (pid: number) => signal(pid, 'SIGINT'),
    };
    const finished = await run(command, this.interruption);
    if (this.interruption.raised) throw wasInterrupted('nothing was changed by planning');
    return finished;
  }

  private errorsOf(stack: SynthesizedStack, stdout: string, stderr: string): readonly Diagnostic[] {
    const messages = stdout.split('\n').flatMap((line) => parseMessage(line) ?? []);
    const found = messages.flatMap((it) => diagnosticOf(it) ?? []).filter((it) => it.severity === 'error');
    if (found.length === 0) throw this.failure(stack, 'plan', { stdout, stderr });
    return found;
  }

  private failure(
    stack: SynthesizedStack,
    verb: string,
    { stdout, stderr }: Pick<Finished, 'stdout' | 'stderr'>,
  ): Error {
    const reason = firstError(stderr || stdout);
    return terraformFailed(stack.name, verb, reason, this.workspace.shown(this.logFile(stack, verb)));
  }

  private logFile(stack: SynthesizedStack, verb: string): string {
    return path.join(this.workspace.log, `${stack.name}.${verb}.txt`);
  }
}

const panicOf = (stderr: string): string => /^panic: (.*)$/m.exec(stderr)?.[1] ?? 'no reason given';

/** The first error that says what is wrong; Terraform puts one before it that only announces the others. */
function firstError(output: string): string {
  const lines = output.split('\n').filter((it) => /^[│\s]*Error: /.test(it));
  const found = lines.find((it) => !it.includes('Terraform encountered problems')) ?? output.trim().slice(0, 300);
  return found.replace(/^[│\s]*Error: /, '');
}
