import type { StackFile } from './synthesized';
import type { Precondition } from './world';

/** The simulated cloud's subscription: `subscription` in rehearsal/provider/rules-azurerm.json. */
const SUBSCRIPTION = '00000000-1111-4222-a333-777777777777';

/** An object that must exist before, and what a person calls it. */
export interface NamedPrecondition {
  readonly title: string;
  readonly object: Precondition;
}

/** Argument that names a resource group. */
export const GROUP = 'resource_group_name';

/** Whether something is written out, and no expression. */
export const isLiteral = (value: unknown): value is string => typeof value === 'string' && !value.includes('${');

/** The subscription that a stack works in. */
export function subscriptionOf({ provider }: StackFile): string {
  const azurerm = fieldOf(provider, 'azurerm');
  const [first]: unknown[] = Array.isArray(azurerm) ? azurerm : [azurerm];
  return subscriptionIn(first);
}

/** The subscription that a provider or a backend names, else the deployer's own. */
export function subscriptionIn(settings: unknown): string {
  const id = fieldOf(settings, 'subscription_id');
  return isLiteral(id) ? id : SUBSCRIPTION;
}

/** A field of what may be a map. */
export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

/** The values that the resources of a type have for an argument, where they are written out. */
export function valuesOf(content: StackFile, type: string, argument: string): string[] {
  return Object.values(content.resource?.[type] ?? {})
    .map((it) => it[argument])
    .filter(isLiteral);
}

/** What an object is, before it is one of the world. */
export interface AzureObject {
  /** What a person calls objects of the type. */
  readonly what: string;
  readonly type: string;
  readonly id: string;
  readonly subscription: string;
  readonly attrs: Readonly<Record<string, unknown>> & { readonly name: string };
}

export function precondition({ what, type, id, subscription, attrs }: AzureObject): NamedPrecondition {
  const object = { type, id, scope: subscription, attrs: { id, ...attrs }, secrets: {} };
  return { title: `${what} '${attrs.name}'`, object };
}

/** Id of what lies in a resource group. */
export const inGroup = (subscription: string, group: string, rest: string): string =>
  `/subscriptions/${subscription}/resourceGroups/${group}/providers/${rest}`;
