import type { Environment } from '../../model/environment';
import type { Preparation } from '../bootstrap/machine-steps';
import { waysOut } from '../bootstrap/way-out';

/** What every node on metal does before it joins: nothing before it lets in only what the flows say. */
export function preparationOf(environment: Environment): Preparation {
  return { ...waysOut(environment), firewalled: true };
}
