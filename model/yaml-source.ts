import { isAlias, isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document, Pair, ParsedNode } from 'yaml';
import type { LocatedProblem, Path, Problem } from './problem';

/** Aliases that one file may use; more is an attack or an accident. */
const MAX_ALIASES = 50;

/** A YAML text that knows where each of its values stands. */
export class YamlSource {
  private readonly lines = new LineCounter();
  private readonly document: Document.Parsed<ParsedNode>;

  /**
   * @param file name of the file in messages
   * @param what what it describes, as a message asks for it
   */
  public constructor(
    text: string,
    private readonly file: string,
    private readonly what: string,
  ) {
    this.document = parseDocument(text, { lineCounter: this.lines, prettyErrors: false, uniqueKeys: true });
  }

  /** The value of the text, or what keeps it from having one. */
  public read(): { readonly value: unknown } | { readonly problems: readonly LocatedProblem[] } {
    const faults = [...this.document.errors, ...this.document.warnings];
    if (faults.length > 0) {
      return { problems: faults.map((fault) => this.atOffset(fault.pos[0], `not valid YAML: ${tidy(fault.message)}`)) };
    }
    if (this.document.contents === null) {
      return { problems: [this.atOffset(0, `the file is empty: write ${this.what}`)] };
    }
    try {
      return { value: this.document.toJS({ maxAliasCount: MAX_ALIASES }) };
    } catch (error) {
      if (!(error instanceof ReferenceError)) throw error;
      return { problems: [this.atOffset(0, `not valid YAML: ${tidy(error.message)}`)] };
    }
  }

  /** The problem with the place of its value, its key, or the nearest thing around it that the text has. */
  public locate(problem: Problem): LocatedProblem {
    return { ...problem, ...this.position(this.offsetOf(problem.path, problem.at ?? 'value')) };
  }

  private atOffset(offset: number, text: string): LocatedProblem {
    return { path: [], text, ...this.position(offset) };
  }

  private position(offset: number): { file: string; line: number; column: number } {
    const { line, col } = this.lines.linePos(offset);
    return { file: this.file, line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  private offsetOf(path: Path, at: 'value' | 'key'): number {
    let node: unknown = this.document.contents;
    let offset = startOf(node);
    for (const [depth, step] of path.entries()) {
      const holder = isAlias(node) ? node.resolve(this.document) : node;
      const isLast = depth === path.length - 1;
      if (isMap(holder)) {
        const pair = holder.items.find((item) => keyOf(item) === String(step));
        if (pair === undefined) return offset;
        // A nested map or list begins on the line after its key, where nobody looks for it.
        offset = isScalar(pair.value) && !(isLast && at === 'key') ? startOf(pair.value) : startOf(pair.key);
        node = pair.value;
      } else if (isSeq(holder)) {
        const item: unknown = holder.items[Number(step)];
        if (item === undefined) return offset;
        offset = startOf(item);
        node = item;
      } else return offset;
    }
    return offset;
  }
}

function startOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}

function keyOf(item: unknown): string | undefined {
  return isPair(item) ? keyText(item) : undefined;
}

function keyText(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
}

function tidy(message: string): string {
  const [first = ''] = message.split('\n');
  return first.charAt(0).toLowerCase() + first.slice(1).replace(/\.$/, '');
}
