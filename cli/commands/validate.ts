import * as path from 'node:path';
import { loadEnvironments, type Environment } from '../../model/environment';
import { InvalidEnvironmentError, ModelError } from '../../model/errors';
import { formatPath } from '../../model/problem';
import { loadApps, type App } from '../../model/release/app';
import { ChartCatalogue } from '../../model/release/catalogue';
import { checkApps } from '../../model/release/check-apps';
import { stackNamesOf } from '../../model/stack-names';
import { exitCodes } from '../../rehearsal/errors';
import { counted } from '../../rehearsal/progress';
import { environmentsDir, releasesDir, type Context } from '../context';
import { exitCodeHelp } from '../errors';
import type { Register } from '../program';

/** A problem as `--json` gives it. */
interface FoundProblem {
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly path?: string;
}

interface Findings {
  readonly environments: readonly Environment[];
  readonly apps: readonly App[];
  readonly problems: readonly FoundProblem[];
}

export const validateCommand: Register = (program, context, ended) => {
  program
    .command('validate')
    .argument('[environment]', 'environment to check; all if none is named')
    .description('Checks the files of environments and releases and says all problems at once; asks no cloud')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', `\nExample:\n  drover validate dev\n\n${exitCodeHelp} A problem in a file is 2.`)
    .action((name: string | undefined, options: { readonly json?: true }) => {
      const found = validate(context, name);
      const ok = found.problems.length === 0;
      if (options.json) {
        const environments = found.environments.map((it) => it.name);
        context.out(`${JSON.stringify({ ok, environments, problems: found.problems }, null, 2)}\n`);
      } else {
        for (const it of found.problems) context.err(`${it.message}\n`);
        if (ok) context.out(describe(found));
      }
      ended(ok ? exitCodes.ok : exitCodes.badInput);
    });
};

/** Reads everything that a person writes and collects what is wrong with it. */
function validate(context: Context, name: string | undefined): Findings {
  const problems: FoundProblem[] = [];
  const attempt = <T>(read: () => T, otherwise: T): T => {
    try {
      return read();
    } catch (error) {
      problems.push(...problemsOf(error));
      return otherwise;
    }
  };
  const releases = releasesDir(context);
  const environments = attempt(() => loadEnvironments(environmentsDir(context), name), []);
  const apps = attempt(() => loadApps(path.join(releases, 'apps')), []);
  attempt(() => void ChartCatalogue.load(path.join(releases, 'charts.yaml')), undefined);
  // Where an application goes can only be judged with all environments.
  if (name === undefined && problems.length === 0) attempt(() => checkApps(apps, environments), undefined);
  return { environments, apps, problems };
}

function problemsOf(error: unknown): FoundProblem[] {
  if (error instanceof InvalidEnvironmentError) {
    const lines = error.message.split('\n');
    return error.problems.map((it, index) => ({
      message: lines[index] ?? it.text,
      file: it.file,
      line: it.line,
      column: it.column,
      path: formatPath(it.path),
    }));
  }
  if (error instanceof ModelError) return [{ message: error.message }];
  throw error;
}

function describe({ environments, apps }: Findings): string {
  const lines = environments.map((it) => {
    const counts = [
      counted(Object.keys(it.sites).length, 'site'),
      counted(Object.keys(it.clusters).length + 1, 'cluster'),
      counted(stackNamesOf(it).length, 'stack'),
    ];
    return `${it.file}: ok (${counts.join(', ')})`;
  });
  return [...lines, ...apps.map((it) => `${it.file}: ok`), ''].join('\n');
}
