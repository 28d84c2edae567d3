import type { PlanAction, PlanChange } from '../review/plan-changes';
import type { TerraformMessage } from './diagnostics';

const actions: Readonly<Record<string, PlanAction>> = {
  create: 'create',
  update: 'update',
  replace: 'replace',
  delete: 'destroy',
  remove: 'forget',
};

/**
 * The changes of a plan out of what Terraform says while it plans: without attributes, so without what forces a
 * replacement.
 * @param tags tags of what exists, by address
 */
export function changesInMessages(
  messages: readonly TerraformMessage[],
  tags: ReadonlyMap<string, Readonly<Record<string, string>>>,
): PlanChange[] {
  return messages.flatMap(({ type, change }) => {
    const action = type === 'planned_change' && change ? actions[change.action] : undefined;
    if (change === undefined || action === undefined) return [];
    const { addr: address, resource_type: kind } = change.resource;
    const reasons = change.reason === undefined ? [] : [change.reason.replaceAll('_', ' ')];
    return [{ address, type: kind, action, reasons, attributes: [], tags: tags.get(address) ?? {} }];
  });
}
