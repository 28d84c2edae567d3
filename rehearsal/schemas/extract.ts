import { bindingSource } from './binding-source';
import { BlockReader } from './block-reader';
import { bindingClassMissing } from './errors';
import type { Schema } from './provider-schema';
import { scanBinding } from './scan';

/**
 * The Terraform schema that a binding was generated from.
 * Not in bindings, and so absent: sensitive flags, descriptions, counts of blocks above one, the state's version.
 * @param file `index.js` or `index.ts` of one type, such as `node_modules/@cdktf/provider-aws/lib/vpc/index.js`
 * @throws if a type can't be read exactly: nothing is guessed
 */
export function extractSchema(file: string): Schema {
  const binding = scanBinding(bindingSource(file));
  const { main } = binding;
  const scanned = main === undefined ? undefined : binding.classes.get(main);
  if (main === undefined || scanned === undefined) throw bindingClassMissing(file);
  const config = binding.interfaces.get(scanned.config ?? '');
  if (config === undefined) throw bindingClassMissing(file);
  const members = { config, mapped: scanned.mapped, declared: scanned.attributes };
  const block = new BlockReader(binding, scanned.base === 'TerraformResource').read(members, [main]);
  if (scanned.base !== 'TerraformProvider') return { version: 0, block };
  // Every provider has `alias` by Terraform itself; the generator adds it to the class.
  const own = Object.entries(block.attributes).filter(([name]) => name !== 'alias');
  return { version: 0, block: { ...block, attributes: Object.fromEntries(own) } };
}
