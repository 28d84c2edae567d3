import { TerraformLocal } from 'cdktf';
import type { Construct } from 'constructs';
import { TerraformData } from '../core/terraform-data';
import { renewedTogether } from './errors';

/** What is on record of the servers, and what the environment asks for. */
export interface RenewalGuardProps {
  /** Names of all records: an expression of a list. */
  readonly names: unknown;
  /** Renewal number by server key. */
  readonly wanted: Readonly<Record<string, number>>;
  /** Name of the record of a server, or of a number that it has reached. */
  readonly nameOf: (...parts: readonly string[]) => string;
  /** What one of them is called in the refusal. @default 'server' */
  readonly what?: string | undefined;
}

/**
 * A condition that only holds while at most one server is being renewed: it is on record, and not with the number that
 * is wanted of it.
 */
export function renewalGuard(
  scope: Construct,
  { names, wanted, nameOf, what = 'server' }: RenewalGuardProps,
): TerraformData {
  const known = expression(new TerraformLocal(scope, 'names', names));
  const targets = Object.fromEntries(
    Object.entries(wanted).map(([server, number]) => [
      server,
      { record: nameOf(server), reached: nameOf(server, String(number)) },
    ]),
  );
  // A local, so that condition and message can't drift apart.
  const renewing = expression(
    new TerraformLocal(
      scope,
      'renewing',
      `\${[for server, it in ${JSON.stringify(targets)} : server ` +
        `if contains(${known}, it.record) && !contains(${known}, it.reached)]}`,
    ),
  );
  const guard = new TerraformData(scope, 'guard', { input: wanted });
  guard.lifecycle = {
    precondition: [
      {
        condition: `\${length(${renewing}) <= 1}`,
        errorMessage: renewedTogether(what, `\${join(", ", ${renewing})}`),
      },
    ],
  };
  return guard;
}

/** A local for use inside an expression, where cdktf's own reference would open a second one. */
function expression(local: TerraformLocal): string {
  return `local.${local.friendlyUniqueId}`;
}
