import { createHash } from 'node:crypto';
import { Fn, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { BootstrapEnv } from '../bootstrap/env';
import { settingsOf, settingsText } from '../bootstrap/settings-file';
import type { StepName } from '../bootstrap/step';
import { holdsToken, shellQuoted, terraformText } from '../bootstrap/terraform-text';
import { hostOf } from './host-spec';
import { leaving } from './leaving';
import type { MachinePlace } from './machine-owner';
import { MachineRole, type Grant } from './machine-role';
import { Provisioned, type Provisioner } from './provisioned';
import { connection, sshFacts } from './ssh';

/** A host and its part in a cluster, or without one. */
export interface HostProps {
  readonly owner: MachinePlace;
  /** Name of the host in its site. */
  readonly name: string;
  readonly grants: readonly Grant[];
  /** What it is told, once its identity is known. */
  readonly env: (role: MachineRole) => BootstrapEnv;
  readonly steps: readonly StepName[];
  /** For messages: `server 'kv-01' of cluster 'shop'`. */
  readonly what: string;
  /** What it uses: there before it comes, and until it has left. @default - nothing */
  readonly uses?: readonly ITerraformDependable[];
  /** What must hold before anything is changed on it. */
  readonly after: readonly ITerraformDependable[];
}

const ENTER = 'drover-enter.sh';
const SECRET_ID = 'drover-secret-id';
const CA = 'drover-vault-ca.pem';

/**
 * A host in a cluster, or a machine that is in none. Its membership outlives every change of scripts and settings, and
 * ends it by leaving; what it is told is brought anew whenever it changes.
 */
export class Host extends Construct {
  /** The host has done its bootstrap. */
  public readonly ready: ITerraformDependable;

  public constructor(scope: Construct, id: string, props: HostProps) {
    super(scope, id);
    const { owner, name, what, steps, uses = [] } = props;
    const { environment, network, clusterName, bundle, roster } = owner;
    const facts = sshFacts(network.site, network.siteName, name);
    const { address } = hostOf(network.site, network.siteName, name);
    const role = new MachineRole(this, 'role', {
      environment,
      network,
      clusterName,
      host: name,
      address,
      grants: props.grants,
    });
    const membership = new Provisioned(this, 'membership', {
      input: { host: name, ...(clusterName === undefined ? {} : { cluster: clusterName }), ssh: facts },
      provisioners: [leaving()],
      dependsOn: [...role.rights, roster.remember(name), ...uses],
    });
    // Known by the host's name alone: a host that leaves is looked for under it.
    membership.overrideLogicalId(membershipId(name));
    const text = settingsText(settingsOf({ env: props.env(role), steps, what }), shellQuoted);
    const settings = hashOf(text);
    const secret = role.wrappedSecret({
      bundle: bundle.sha256,
      settings,
      // A machine that comes in the place of a dead one needs a token that nobody has used.
      membership: membership.getStringAttribute('id'),
    });
    this.ready = new Provisioned(this, 'bundle', {
      triggers: [bundle.sha256, settings, membership.getStringAttribute('id')],
      connection: connection(facts),
      provisioners: provisioners(owner, text, secret),
      dependsOn: [membership, roster.guard, ...props.after],
    });
  }
}

/** Terraform's own name of a host's membership, the same in every stack. */
export function membershipId(host: string): string {
  return `membership-${host}`;
}

function provisioners({ clusterName, bundle }: MachinePlace, settings: string, secret: string): Provisioner[] {
  const archive = `drover-${bundle.sha256.slice(0, 12)}.tar`;
  const env = `drover-${clusterName ?? 'machine'}.env`;
  const words = ['sudo', 'bash', ENTER, archive, bundle.sha256, env, SECRET_ID];
  return [
    { file: { source: bundle.archive, destination: archive } },
    { file: { source: bundle.enter, destination: ENTER } },
    { file: { content: terraformText(settings), destination: env } },
    ...(bundle.vaultCa === undefined ? [] : [{ file: { source: bundle.vaultCa, destination: CA } }]),
    { file: { content: secret, destination: SECRET_ID } },
    { 'remote-exec': { inline: [[...words, ...(bundle.vaultCa === undefined ? [] : [CA])].join(' ')] } },
  ];
}

function hashOf(text: string): string {
  return holdsToken(text) ? Fn.sha256(terraformText(text)) : createHash('sha256').update(text).digest('hex');
}
