import { unreachable } from '../model/errors';
import { attributeChanges, formatPath, type AttributeChange } from './attribute-changes';
import { planJson, type ResourceChange } from './plan-json';

/** What a plan does to a resource. */
export type PlanAction = 'create' | 'update' | 'replace' | 'destroy' | 'forget';

/** One change of a plan. */
export interface PlanChange {
  readonly address: string;
  readonly type: string;
  readonly action: PlanAction;
  /** Why it is replaced or destroyed, a clause each; empty for other actions. */
  readonly reasons: readonly string[];
  /** What differs; empty for a creation and a destruction, where everything does. */
  readonly attributes: readonly AttributeChange[];
  /** Tags it has now, or will have; for the rules of the guard. */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Reads the changes out of `terraform show -json`. Nothing that Terraform marks as sensitive is in the result.
 * @param plan the parsed JSON
 */
export function planChanges(plan: unknown): PlanChange[] {
  return planJson.parse(plan).resource_changes.flatMap((it) => {
    const action = it.mode === 'managed' ? actionOf(it.change.actions) : undefined;
    return action === undefined ? [] : [toChange(it, action)];
  });
}

/** Names of the outputs that a plan changes; other stacks may use them. */
export function outputChanges(plan: unknown): string[] {
  return Object.entries(planJson.parse(plan).output_changes)
    .filter(([, change]) => !change.actions.includes('no-op'))
    .map(([name]) => name);
}

/** How many changes of each kind there are. */
export function countActions(changes: readonly PlanChange[]): Record<PlanAction, number> {
  const counts = { create: 0, update: 0, replace: 0, destroy: 0, forget: 0 };
  for (const { action } of changes) counts[action]++;
  return counts;
}

function toChange({ address, type, change, action_reason: why }: ResourceChange, action: PlanAction): PlanChange {
  const isDifference = action === 'update' || action === 'replace';
  return {
    address,
    type,
    action,
    reasons: action === 'replace' || action === 'destroy' ? reasonsOf(change.replace_paths, why) : [],
    attributes: isDifference
      ? attributeChanges({
          before: change.before,
          after: change.after,
          unknown: change.after_unknown,
          beforeSensitive: change.before_sensitive,
          afterSensitive: change.after_sensitive,
        })
      : [],
    tags: { ...tagsOf(change.after), ...tagsOf(change.before) },
  };
}

function actionOf(actions: ResourceChange['change']['actions']): PlanAction | undefined {
  const [first, second] = actions;
  if (second !== undefined) return 'replace';
  switch (first) {
    case 'create':
    case 'update':
    case 'forget':
      return first;
    case 'delete':
      return 'destroy';
    case 'no-op':
    case 'read':
    case undefined:
      return undefined;
    default:
      return unreachable('plan action', first);
  }
}

/** https://developer.hashicorp.com/terraform/internals/json-format#plan-representation (action_reason) */
const reasonTexts: Readonly<Record<string, string>> = {
  replace_because_tainted: 'its creation failed half-way',
  replace_by_request: 'asked for on the command line',
  replace_by_triggers: 'a resource that triggers its replacement changes',
  delete_because_no_resource_config: 'the program no longer has it',
  delete_because_no_module: 'the program no longer has its module',
  delete_because_wrong_repetition: 'the program changed how it repeats it',
  delete_because_count_index: 'the program makes fewer of it',
  delete_because_each_key: 'the program no longer has its key',
  delete_because_no_move_target: 'the program moved it to an address that it no longer has',
};

function reasonsOf(paths: readonly (readonly (string | number)[])[], why: string | undefined): string[] {
  const changed = paths.map((path) => `${formatPath(path)} changes`);
  const other = why === undefined ? undefined : reasonTexts[why];
  return other === undefined ? changed : [...changed, other];
}

function tagsOf(side: unknown): Record<string, string> {
  if (typeof side !== 'object' || side === null || !('tags' in side)) return {};
  const { tags } = side;
  if (typeof tags !== 'object' || tags === null) return {};
  return Object.fromEntries(Object.entries(tags).filter((it): it is [string, string] => typeof it[1] === 'string'));
}
