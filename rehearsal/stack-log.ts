import { diagnosticOf, parseMessage, type Diagnostic } from './diagnostics';

/** What happens to a stack while cdktf runs. */
export type StackEvent =
  | { readonly kind: 'started'; readonly stack: string; readonly at: number }
  | { readonly kind: 'planned'; readonly stack: string; readonly changes: number }
  | { readonly kind: 'resource'; readonly stack: string; readonly address: string }
  | { readonly kind: 'diagnostic'; readonly stack: string; readonly diagnostic: Diagnostic }
  | { readonly kind: 'said'; readonly stack: string; readonly line: string }
  | { readonly kind: 'finished'; readonly stack: string; readonly at: number; readonly ok: boolean };

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
    const { stack } = this;
    const message = parseMessage(line);
    if (message === undefined) return [{ kind: 'said', stack, line }];
    this.latest = Date.parse(message['@timestamp'] ?? '') || Math.max(this.latest, Date.now());
    const events: StackEvent[] = [{ kind: 'said', stack, line: message['@message'] }];
    if (!this.isStarted) {
      this.isStarted = true;
      events.unshift({ kind: 'started', stack, at: this.latest });
    }
    const diagnostic = diagnosticOf(message);
    if (diagnostic && diagnostic.summary !== HALTED) events.push({ kind: 'diagnostic', stack, diagnostic });
    const { type, hook, changes, code } = message;
    // Terraform reports reading a data source in the same way.
    if (type === 'apply_complete' && hook && hook.action !== 'read')
      events.push({ kind: 'resource', stack, address: hook.resource.addr });
    if (type === 'change_summary' && changes?.operation === 'plan') {
      events.push({ kind: 'planned', stack, changes: changes.add + changes.change + changes.remove });
    }
    if (type === 'exit') events.push({ kind: 'finished', stack, at: this.latest, ok: code === 0 });
    return events;
  }
}
