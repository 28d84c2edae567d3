import { unreachable } from '../model/errors';
import type { StackEvent } from './stack-log';
import { formatDiagnostic } from './diagnostics';
import type { StackRun } from './stack-run';

/** Where progress goes. */
export interface ProgressOutput {
  write(text: string): void;
  /** Width of the terminal. @default - it is none: no line is ever rewritten */
  readonly columns?: number;
  /** Whether to show everything that Terraform says. @default false */
  readonly verbose?: boolean;
}

/** How progress is told. */
export interface DeployProgress {
  say(line: string): void;
  stack(event: StackEvent, run: StackRun | undefined): void;
  end(): void;
}

const WITHOUT_TERMINAL_EVERY_MS = 10_000;

/** A line when a stack starts and ends; between them how far each is: rewritten on a terminal, else now and then. */
export class Progress implements DeployProgress {
  private readonly running = new Map<string, StackRun>();
  private shown = '';
  private lastTold = Date.now();

  public constructor(
    private readonly output: ProgressOutput,
    private readonly verbs: { readonly start: string; readonly end: string } = { start: 'deploying', end: 'deployed' },
  ) {}

  /** Writes a line of its own. */
  public say(line: string): void {
    this.erase();
    this.output.write(`${line}\n`);
    this.draw();
  }

  public stack(event: StackEvent, run: StackRun | undefined): void {
    if (run === undefined) return;
    switch (event.kind) {
      case 'started':
        this.running.set(run.name, run);
        return this.say(`  ${run.name}: ${this.verbs.start}`);
      case 'finished':
        this.running.delete(run.name);
        return this.say(`  ${run.name}: ${this.ending(run)}`);
      case 'diagnostic':
        if (event.diagnostic.severity === 'error')
          this.say(indent(`${run.name}: ${formatDiagnostic(event.diagnostic)}`, '    '));
        return;
      case 'said':
        if (this.output.verbose === true) this.say(`    ${run.name} | ${event.line}`);
        return;
      case 'planned':
      case 'resource':
        this.running.set(run.name, run);
        return this.tellHowFar();
      default:
        return unreachable('stack event', event);
    }
  }

  /** Takes away the line that is rewritten. */
  public end(): void {
    this.running.clear();
    this.erase();
  }

  private ending(run: StackRun): string {
    const time = seconds((run.finishedAt ?? 0) - (run.startedAt ?? run.finishedAt ?? 0));
    const made = counted(run.made, 'change');
    return run.state === 'failed' ? `FAILED after ${time}, ${made} made` : `${this.verbs.end} in ${time}, ${made}`;
  }

  private tellHowFar(): void {
    if (this.output.columns !== undefined) {
      this.erase();
      return this.draw();
    }
    if (Date.now() - this.lastTold < WITHOUT_TERMINAL_EVERY_MS) return;
    this.lastTold = Date.now();
    this.output.write(`  ${this.howFar()}\n`);
  }

  private howFar(): string {
    return [...this.running.values()].map((it) => `${it.name} ${it.made}/${it.planned ?? '?'}`).join(' · ');
  }

  private draw(): void {
    if (this.output.columns === undefined || this.running.size === 0) return;
    this.shown = `  ${this.howFar()}`.slice(0, this.output.columns - 1);
    this.output.write(this.shown);
  }

  private erase(): void {
    if (this.shown !== '') this.output.write(`\r${' '.repeat(this.shown.length)}\r`);
    this.shown = '';
  }
}

/** A duration as `3.2 s`. */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** A number with its noun, such as `2 stacks`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Puts something before every line. */
export const indent = (text: string, by: string): string => text.replace(/^/gm, by);
