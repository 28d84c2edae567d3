import type { Environment } from '../../model/environment';
import type { Preparation } from '../bootstrap/machine-steps';
import { waysOut } from '../bootstrap/way-out';

/** What every node of Azure does before it joins: its metadata answers whoever asks from the machine, pods as well. */
export function preparationOf(environment: Environment): Preparation {
  return { ...waysOut(environment), metadataOpenToPods: true };
}
