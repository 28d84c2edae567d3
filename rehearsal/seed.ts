import { randomBytes } from 'node:crypto';
import type { NamedPrecondition } from './azure-precondition';
import { azurePreconditions } from './seed-azure';
import { vaultPreconditions } from './seed-vault';
import type { StackFile, SynthesizedStack } from './synthesized';
import { addPrecondition, type Precondition } from './world';

/** The simulated cloud's account number: `account` in rehearsal/provider/rules.json. */
const ACCOUNT = '123456789012';
/** The name in an ARN that is written out, or put together by a function of literals. */
const LITERAL_NAME = /(?:parameter|")(\/[\w./-]+)/g;
const LITERAL_REGION = /[":]([a-z]{2}(?:-[a-z]+)+-\d)[":]/;
/** An ARN that comes from a resource, here or in another stack, names a parameter that Terraform makes. */
const COMES_FROM_RESOURCE = /aws_ssm_parameter\.|terraform_remote_state\./;

/**
 * Puts into the world what a real environment must have before its first deploy, and says what it put there.
 * @param stacks as they were synthesized, with the backends that the program gave them
 */
export function seedPreconditions(world: string, stacks: readonly SynthesizedStack[]): string[] {
  const parameters = secretsThatMustExist(stacks).map((it): NamedPrecondition => ({
    title: it.name,
    object: parameter(it),
  }));
  return [...parameters, ...azurePreconditions(stacks), ...vaultPreconditions(stacks)]
    .filter((it) => addPrecondition(world, it.object))
    .map((it) => it.title);
}

/** A secret that a stack opens by its literal name. */
export interface ReferredSecret {
  readonly name: string;
  readonly region: string;
}

/** The parameters that stacks open and none of them makes: people put them there. */
export function secretsThatMustExist(stacks: readonly Pick<SynthesizedStack, 'content'>[]): ReferredSecret[] {
  const made = new Set(stacks.flatMap(({ content }) => namesOf(content)));
  const opened = stacks.flatMap(({ content }) => openedIn(content)).filter((it) => !made.has(it.name));
  return [...new Map(opened.map((it) => [`${it.region}|${it.name}`, it])).values()];
}

function openedIn(content: StackFile): ReferredSecret[] {
  return Object.values(content.ephemeral?.['aws_ssm_parameter'] ?? {}).flatMap(({ arn, region }) => {
    const text = String(arn);
    const name = COMES_FROM_RESOURCE.test(text) ? undefined : [...text.matchAll(LITERAL_NAME)].at(-1)?.[1];
    if (name === undefined) return [];
    const given = typeof region === 'string' && !region.includes('${') ? region : undefined;
    return [{ name, region: LITERAL_REGION.exec(text)?.[1] ?? given ?? providerRegion(content) }];
  });
}

function namesOf(content: StackFile): string[] {
  return Object.values(content.resource?.['aws_ssm_parameter'] ?? {}).map((it) => String(it['name']));
}

function providerRegion(content: StackFile): string {
  const { provider } = content;
  const aws = typeof provider === 'object' && provider !== null && 'aws' in provider ? provider.aws : undefined;
  const [first] = Array.isArray(aws) ? aws : [aws];
  return typeof first === 'object' && first !== null && 'region' in first ? String(first.region) : '';
}

function parameter({ name, region }: ReferredSecret): Precondition {
  return {
    type: 'aws_ssm_parameter',
    id: name,
    scope: region,
    attrs: {
      name,
      region,
      type: 'SecureString',
      tier: 'Standard',
      version: 1,
      arn: `arn:aws:ssm:${region}:${ACCOUNT}:parameter${name}`,
    },
    secrets: { value_wo: randomBytes(24).toString('base64url') },
  };
}
