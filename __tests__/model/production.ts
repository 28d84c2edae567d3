import { readFileSync } from 'node:fs';
import { parseEnvironment, type Environment } from '../../model/environment';

const text = readFileSync('environments/production.yaml', 'utf8');

/** The example environment on three platforms with some of its text replaced. */
export function productionWith(...replacements: (readonly [from: string | RegExp, to: string])[]): Environment {
  const changed = replacements.reduce((before, [from, to]) => {
    const after = before.replace(from, to);
    if (after === before) throw new Error(`nothing in environments/production.yaml matches ${String(from)}`);
    return after;
  }, text);
  return parseEnvironment(changed, 'production.yaml');
}
