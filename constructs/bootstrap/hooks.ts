import type { Environment } from '../../model/environment';
import type { HooksSpec } from '../../model/spec/bootstrap';
import { projectPath } from '../core/project-path';
import type { FurtherFile } from './bundle-archive';

const NONE: HooksSpec = { before: [], after: [] };

/**
 * An environment's own scripts, verbatim, as files of the bundle: user data does not grow with them. A number before each
 * name keeps the order that the environment gives, because the runner takes them in the order of their names.
 * @param own scripts of one machine alone: they find what the environment's have prepared, and those finish what they did
 */
export function hookFiles({ bootstrap: { hooks } }: Environment, own: HooksSpec = NONE): FurtherFile[] {
  const scripts = {
    before: [...hooks.before, ...own.before],
    after: [...own.after, ...hooks.after],
  };
  return (['before', 'after'] as const).flatMap((moment) =>
    scripts[moment].map((script, index) => ({
      path: `hooks/${moment}/${String(index + 1).padStart(2, '0')}-${script.slice(script.lastIndexOf('/') + 1)}`,
      file: projectPath(...script.split('/')),
    })),
  );
}
