import type { Environment } from '../../model/environment';
import { projectPath } from '../core/project-path';
import type { FurtherFile } from './bundle-archive';

/**
 * An environment's own scripts, verbatim, as files of the bundle: user data does not grow with them. A number before each
 * name keeps the order that the environment gives, because the runner takes them in the order of their names.
 */
export function hookFiles({ bootstrap: { hooks } }: Environment): FurtherFile[] {
  return (['before', 'after'] as const).flatMap((moment) =>
    hooks[moment].map((script, index) => ({
      path: `hooks/${moment}/${String(index + 1).padStart(2, '0')}-${script.slice(script.lastIndexOf('/') + 1)}`,
      file: projectPath(...script.split('/')),
    })),
  );
}
