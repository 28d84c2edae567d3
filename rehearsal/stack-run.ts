import { createWriteStream, type WriteStream } from 'node:fs';
import { unreachable } from '../model/errors';
import type { StackEvent } from './stack-log';
import { formatDiagnostic, type Diagnostic } from './diagnostics';

/** How a stack fared in one run of cdktf. */
export interface StackRun {
  readonly name: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  /** Milliseconds since 1970. @default - it has not started */
  readonly startedAt?: number;
  readonly finishedAt?: number;
  /** Changes that Terraform planned. @default - it has not planned yet */
  readonly planned?: number;
  /** Changes that it has made. */
  readonly made: number;
  readonly errors: readonly Diagnostic[];
}

/** Collects what happens to the stacks and writes a readable log of each. */
export class StackRuns {
  private readonly runs: Map<string, StackRun>;
  private readonly logs = new Map<string, WriteStream>();

  public constructor(
    names: readonly string[],
    private readonly logFileOf: (stack: string) => string,
  ) {
    this.runs = new Map(names.map((name) => [name, { name, state: 'waiting', made: 0, errors: [] }]));
  }

  public get all(): StackRun[] {
    return [...this.runs.values()];
  }

  public get(stack: string): StackRun | undefined {
    return this.runs.get(stack);
  }

  /** Takes an event in and returns the stack as it is now. */
  public take(event: StackEvent): StackRun | undefined {
    const before = this.runs.get(event.stack);
    if (before === undefined) return undefined;
    const after = this.apply(before, event);
    this.runs.set(event.stack, after);
    return after;
  }

  /** cdktf may end before it has logged how its stacks ended: whatever it left running has failed. */
  public settle(at: number): void {
    for (const run of this.all) {
      if (run.state === 'running') this.runs.set(run.name, { ...run, state: 'failed', finishedAt: at });
    }
  }

  public async close(): Promise<void> {
    await Promise.all([...this.logs.values()].map((log) => new Promise<void>((resolve) => log.end(resolve))));
  }

  private apply(run: StackRun, event: StackEvent): StackRun {
    switch (event.kind) {
      case 'started':
        return { ...run, state: 'running', startedAt: event.at };
      case 'planned':
        return { ...run, planned: event.changes };
      case 'resource':
        return { ...run, made: run.made + 1 };
      case 'diagnostic':
        this.write(run.name, formatDiagnostic(event.diagnostic));
        return event.diagnostic.severity === 'error' ? { ...run, errors: [...run.errors, event.diagnostic] } : run;
      case 'said':
        this.write(run.name, event.line);
        return run;
      case 'finished':
        return { ...run, state: event.ok ? 'done' : 'failed', finishedAt: event.at };
      default:
        return unreachable('stack event', event);
    }
  }

  private write(stack: string, line: string): void {
    const log = this.logs.get(stack) ?? createWriteStream(this.logFileOf(stack), { mode: 0o600 });
    this.logs.set(stack, log);
    log.write(`${line}\n`);
  }
}
