import type { EnvironmentSpec } from '../../model/spec/environment';

/** Key under which a secret of Drover's holds its one value; the bootstrap scripts know the same word. */
export const VALUE = 'value';

/** Path of something of a cluster in the engine of the environment's Vault. */
export function vaultPath({ name }: Pick<EnvironmentSpec, 'name'>, ...parts: readonly string[]): string {
  return [name, ...parts].join('/');
}
