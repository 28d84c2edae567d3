import { diagnosticOf, parseMessage, type Diagnostic } from './diagnostics';

/** What happens to a stack while cdktf runs. */
export type StackEvent =
  | { readonly kind: 'started'; readonly stack: string; readonly at: number }
  | { readonly kind: 'planned'; readonly stack: string; readonly changes: number }
  | { readonly kind: 'resource'; readonly stack: string; readonly address: string }
  | { readonly kind: 'diagnostic'; readonly stack: string; readonly diagnostic: Diagnostic }
  | { readonly kind: 'said'; readonly stack: string; readonly line: string }
  | { readonly kind: 'finished'; readonly stack: string; readonly at: number; readonly ok: boolean };

const ENTRY = /^\[([\d-]+T[\d:.]+)\] \[[A-Z]+\] default - (.*)$/;
const OUTPUT = /^\[([\w.-]+)\]\((init|deploy|destroy|plan)\): (.*)$/;
const STATE = /^\[([\w.-]+)\]: (planning|deploying|destroying|deployed|destroyed|errored)$/;

/**
 * Follows cdktf's log (CDKTF_LOG_FILE_DIRECTORY). There the output of every stack stands apart and unwrapped, which on
 * its standard output it does not.
 */
export class DeployLog {
  private current: { readonly stack: string; readonly phase: string } | undefined;
  private unfinished = '';
  private readonly started = new Set<string>();

  /** Reads on; the text may end in the middle of a line. */
  public read(text: string): StackEvent[] {
    const lines = (this.unfinished + text).split('\n');
    this.unfinished = lines.pop() ?? '';
    return lines.flatMap((line) => this.readLine(line.replace(/\r$/, '')));
  }

  private readLine(line: string): StackEvent[] {
    const entry = ENTRY.exec(line);
    if (entry === null) return this.current ? this.output(this.current.stack, line) : [];
    const [, time = '', text = ''] = entry;
    const output = OUTPUT.exec(text);
    const state = STATE.exec(text);
    this.current = output ? { stack: output[1] ?? '', phase: output[2] ?? '' } : undefined;
    if (output) return this.output(output[1] ?? '', output[3] ?? '');
    return state ? this.state(state[1] ?? '', state[2] ?? '', Date.parse(time)) : [];
  }

  private state(stack: string, state: string, at: number): StackEvent[] {
    if (state === 'errored' || state === 'deployed' || state === 'destroyed') {
      return [{ kind: 'finished', stack, at, ok: state !== 'errored' }];
    }
    if (this.started.has(stack)) return [];
    this.started.add(stack);
    return [{ kind: 'started', stack, at }];
  }

  private output(stack: string, line: string): StackEvent[] {
    if (line.trim() === '') return [];
    const message = parseMessage(line);
    if (message === undefined) return [{ kind: 'said', stack, line }];
    const said: StackEvent = { kind: 'said', stack, line: message['@message'] };
    const diagnostic = diagnosticOf(message);
    if (diagnostic) return [said, { kind: 'diagnostic', stack, diagnostic }];
    const { type, hook, changes } = message;
    if (type === 'apply_complete' && hook) return [said, { kind: 'resource', stack, address: hook.resource.addr }];
    if (type === 'change_summary' && changes?.operation === 'plan') {
      return [said, { kind: 'planned', stack, changes: changes.add + changes.change + changes.remove }];
    }
    return [said];
  }
}
