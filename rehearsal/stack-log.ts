import { diagnosticOf, parseMessage, type Diagnostic } from './diagnostics';

/** What happens to a stack while cdktf runs. */
export type StackEvent = {
  readonly stack: string;
  /** Milliseconds since 1970. */
  readonly at: number;
} & (
  | { readonly kind: 'started' }
  | { readonly kind: 'planned'; readonly changes: number }
  | { readonly kind: 'resource'; readonly address: string }
  | { readonly kind: 'diagnostic'; readonly diagnostic: Diagnostic }
  | { readonly kind: 'said'; readonly line: string }
  | { readonly kind: 'finished'; readonly ok: boolean }
);

/** What Terraform says of each resource that it did not come to because of an interruption. */
const HALTED = 'execution halted';

/** Reads what terraform.sh notes of one stack, while it is being written. */
export class StackLog {
  private unfinished = '';
  private isStarted = false;
  private latest = 0;

  public constructor(private readonly stack: string) {}

  /** Reads on; the text may end in the middle of a line. */
  public read(text: string): StackEvent[] {
    const lines = (this.unfinished + text).split('\n');
    this.unfinished = lines.pop() ?? '';
    return lines.flatMap((line) => this.readLine(line));
  }

  private readLine(line: string): StackEvent[] {
    if (line.trim() === '') return [];
    const message = parseMessage(line);
    // What is not a message, and the last line, have no time of their own.
    this.latest = Date.parse(message?.['@timestamp'] ?? '') || this.latest;
    const about = { stack: this.stack, at: this.latest };
    if (message === undefined) return [{ ...about, kind: 'said', line }];
    const events: StackEvent[] = [{ ...about, kind: 'said', line: message['@message'] }];
    if (!this.isStarted) {
      this.isStarted = true;
      events.unshift({ ...about, kind: 'started' });
    }
    const diagnostic = diagnosticOf(message);
    if (diagnostic && diagnostic.summary !== HALTED) events.push({ ...about, kind: 'diagnostic', diagnostic });
    const { type, hook, changes, code } = message;
    // Terraform reports reading a data source in the same way.
    if (type === 'apply_complete' && hook && hook.action !== 'read') {
      events.push({ ...about, kind: 'resource', address: hook.resource.addr });
    }
    if (type === 'change_summary' && changes?.operation === 'plan') {
      events.push({ ...about, kind: 'planned', changes: changes.add + changes.change + changes.remove });
    }
    if (type === 'exit') events.push({ ...about, kind: 'finished', ok: code === 0 });
    return events;
  }
}
