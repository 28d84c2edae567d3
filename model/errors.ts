import { formatPath } from './problem';
import type { LocatedProblem } from './problem';
import type { NameLimit } from './name-limits';

/** What a person wrote is not an environment: every problem found, one a line. */
export class InvalidEnvironmentError extends Error {
  public constructor(public readonly problems: readonly LocatedProblem[]) {
    super(problems.map(lineOf).join('\n'));
    this.name = 'InvalidEnvironmentError';
  }
}

/** The program used the model wrongly, or the files around it are missing. */
export class ModelError extends Error {
  public constructor(message: string) {
    super(message);
    this.name = 'ModelError';
  }
}

export const noSuchCluster = (name: string, known: readonly string[]): ModelError =>
  new ModelError(`no cluster '${name}': known are ${quoted(known)}`);

export const importedCluster = (name: string): ModelError =>
  new ModelError(`cluster '${name}' is imported: it has no site and no machines of ours`);

export const raisedCluster = (name: string): ModelError =>
  new ModelError(`cluster '${name}' is not imported: Drover raises it on machines of its site`);

export const noSuchSite = (name: string, known: readonly string[]): ModelError =>
  new ModelError(`no site '${name}': known are ${quoted(known)}`);

export const siteElsewhere = (name: string, platform: string, wanted: string): ModelError =>
  new ModelError(`site '${name}' is on '${platform}': what is built there must be on '${wanted}'`);

/** Ends a choice between the members of a closed set: it compiles only while each of them is named. */
export function unreachable(what: string, value: never): never {
  throw new ModelError(`no ${what} of that kind: ${JSON.stringify(value)}`);
}

/** Ends every choice between platforms. */
export function unknownPlatform(site: never): never {
  return unreachable('platform', site);
}

export const noSuchServer = (server: string, cluster: string, count: number): ModelError =>
  new ModelError(`no server '${server}' in cluster '${cluster}': it has s1 to s${count}`);

export const notForPlatform = (field: string, needed: string, platform: string): ModelError =>
  new ModelError(`'${field}' must be given by ${needed} on ${platform}`);

/** A storage node that its site does not have. */
export const noStorageHost = (host: string, cluster: string, site: string): ModelError =>
  new ModelError(`no host '${host}' in site '${site}', which is to keep files of cluster '${cluster}'`);

export const noStorage = (cluster: string): ModelError =>
  new ModelError(`cluster '${cluster}' has no storage nodes: it asks for no 'storage'`);

export const noSuchMachine = (name: string, site: string, known: readonly string[]): ModelError =>
  new ModelError(`no machine '${name}' in site '${site}': it has ${quoted(known)}`);

export const tooFewZones = (zones: readonly string[], least: number): ModelError =>
  new ModelError(`${zones.length} zones (${quoted(zones)}) are too few for servers: name at least ${least}`);

export const notANetwork = (text: string): ModelError =>
  new ModelError(`'${text}' is no IPv4 network: write it as 10.20.0.0/16`);

export const noNameParts = (kind: string): ModelError =>
  new ModelError(`a name of kind '${kind}' needs at least one part`);

export const invalidNamePart = (kind: string, part: string, limit: NameLimit): ModelError =>
  new ModelError(
    `'${part}' cannot be part of a name of kind '${kind}': allowed is ${limit.characters.source} (${limit.source})`,
  );

export const nameTooShort = (kind: string, name: string, limit: NameLimit): ModelError =>
  new ModelError(
    `'${name}' is too short for a name of kind '${kind}': at least ${limit.min} characters (${limit.source})`,
  );

export const reservedName = (kind: string, name: string, limit: NameLimit): ModelError =>
  new ModelError(
    `'${name}' is reserved as a name of kind '${kind}': choose another environment or cluster name (${limit.source})`,
  );

export const unreadableEnvironment = (file: string, why: string): ModelError =>
  new ModelError(`cannot read environment '${file}': ${why}`);

export const noEnvironments = (dir: string): ModelError =>
  new ModelError(`no environment in '${dir}': add a file <name>.yaml`);

export const noSuchEnvironment = (name: string, dir: string, known: readonly string[]): ModelError =>
  new ModelError(`no environment '${name}' in '${dir}': known are ${quoted(known)}`);

export const wrongExtension = (file: string, better: string): ModelError =>
  new ModelError(`'${file}' would not be read: rename it to '${better}'`);

export const sharedStackName = (stack: string, one: string, other: string): ModelError =>
  new ModelError(`'${one}' and '${other}' would both have the stack '${stack}', and so one state: rename one of them`);

export const notASecretRef = (): ModelError =>
  // The text is not repeated: whoever got it wrong may have written the secret itself.
  new ModelError("not a secret reference: write 'ssm:/path', 'keyvault:name', 'vault:path#key' or 'env:NAME'");

function lineOf(problem: LocatedProblem): string {
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  const path = formatPath(problem.path);
  return `${place} ${path === '' ? '' : `${path}: `}${problem.text}`;
}

function quoted(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.map((name) => `'${name}'`).join(', ');
}
