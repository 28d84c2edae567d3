import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';

/** A running process. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  /** Name of the program, without its folder. */
  readonly name: string;
  /** When it started, in the operating system's own words; equal for the same process only. */
  readonly started: string;
}

/** Every process that is running. */
export function listProcesses(): ProcessEntry[] {
  return existsSync('/proc/self/stat') ? fromProc() : fromPs();
}

/** The process of an id, if it is running. */
export function findProcess(pid: number): ProcessEntry | undefined {
  if (existsSync('/proc/self/stat')) return readStat(String(pid));
  return listProcesses().find((it) => it.pid === pid);
}

/** Everything that a process has started, directly or not. */
export function descendantsOf(pid: number, all: readonly ProcessEntry[] = listProcesses()): ProcessEntry[] {
  const children = all.filter((it) => it.parent === pid);
  return children.flatMap((it) => [it, ...descendantsOf(it.pid, all)]);
}

function fromProc(): ProcessEntry[] {
  return readdirSync('/proc')
    .filter((it) => /^\d+$/.test(it))
    .flatMap((it) => readStat(it) ?? []);
}

/** The name stands in parentheses and may itself hold some, so fields are counted from the last one: proc_pid_stat(5). */
function readStat(pid: string): ProcessEntry | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parent, started] = [fields[0], fields[1], fields[19]];
  if (state === 'Z' || state === 'X' || parent === undefined || started === undefined) return undefined;
  const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
  return { pid: Number(pid), parent: Number(parent), name, started };
}

function fromPs(): ProcessEntry[] {
  const table = execFileSync('ps', ['-axo', 'pid=,ppid=,lstart=,comm='], { encoding: 'utf8' });
  return table.split('\n').flatMap((line) => {
    const found = /^\s*(\d+)\s+(\d+)\s+(\S+\s+\S+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/.exec(line);
    if (found === null) return [];
    const [, pid = '', parent = '', started = '', command = ''] = found;
    return [{ pid: Number(pid), parent: Number(parent), started, name: command.split('/').at(-1) ?? command }];
  });
}
