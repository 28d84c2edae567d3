/** Chart values. */
export type Tree = Readonly<Record<string, unknown>>;

/** Maps whose keys a chart does not choose, even where it gives some of them itself. */
const FREE = ['extraArgs', 'nodeSelector', 'resources', 'securityContext', 'containerSecurityContext'];

/** Dotted keys of `given` that `known` does not have. An empty map, a list and a null in `known` accept anything. */
export function unknownKeys(given: Tree, known: Tree, path: readonly string[] = []): string[] {
  return Object.entries(given).flatMap(([key, value]) => {
    const here = [...path, key];
    if (!(key in known)) return [here.join('.')];
    const below = known[key];
    const isChosen = !FREE.includes(key) && isTree(below) && Object.keys(below).length > 0;
    return isTree(value) && isTree(below) && isChosen ? unknownKeys(value, below, here) : [];
  });
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
