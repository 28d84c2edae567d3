import { counted } from '../../rehearsal/progress';
import type { ConstructInventory, Inventory } from './collect';

/** An inventory as an indented tree. */
export function inventoryTree({ environment, sites }: Inventory): string {
  const lines = sites.flatMap(({ name, stacks }) => [
    `  ${name}`,
    ...stacks.flatMap((stack) => [
      `    ${stack.name} (${counted(stack.resources, 'resource')})`,
      ...stack.constructs.map((it) => `      ${it.path === '' ? '(the stack itself)' : it.path}: ${typesOf(it)}`),
    ]),
  ]);
  return [environment, ...lines, ''].join('\n');
}

function typesOf({ types }: ConstructInventory): string {
  return Object.entries(types)
    .map(([type, addresses]) => (addresses.length === 1 ? type : `${addresses.length} ${type}`))
    .join(', ');
}
