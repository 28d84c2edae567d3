import { exitCodes, RehearsalError } from '../errors';
import { counted } from '../progress';

const { badInput, failed, missingPrerequisite } = exitCodes;

export const notLinux = (got: string): RehearsalError =>
  new RehearsalError(
    `'--hosts' runs machines as systemd-nspawn hosts, which need Linux; this is '${got}'; without '--hosts' a rehearsal runs anywhere`,
    missingPrerequisite,
  );

export const notRoot = (): RehearsalError =>
  new RehearsalError(
    `'--hosts' needs root for namespaces, mounts and loop devices; run it with sudo, or leave '--hosts' out`,
    missingPrerequisite,
  );

export const commandsMissing = (commands: readonly string[], packages: readonly string[]): RehearsalError =>
  new RehearsalError(
    `'--hosts' needs ${commands.map((it) => `'${it}'`).join(', ')}: apt-get install --no-install-recommends ${packages.join(' ')}`,
    missingPrerequisite,
  );

export const packFailed = (output: string): RehearsalError =>
  new RehearsalError(`the Kubernetes of the hosts does not build:\n${output.trim()}`, missingPrerequisite);

export const labNotStarted = (reason: string, log: string): RehearsalError =>
  new RehearsalError(`the hosts' lab did not start: ${reason} (all of it in '${log}')`, failed);

export const labNotStopped = (reason: string, log: string): RehearsalError =>
  new RehearsalError(
    `the hosts' lab did not stop: ${reason} (all of it in '${log}'); run '--down' again, or end its process`,
    failed,
  );

export const recordedWithoutHosts = (environment: string, objects: number): RehearsalError =>
  new RehearsalError(
    `'${environment}' is rehearsed without hosts (${counted(objects, 'object')}), so others have spoken for its machines already; 'drover rehearse ${environment} --down' first, then '--hosts'`,
    badInput,
  );

export const addressOfSwitch = (host: string, address: string): RehearsalError =>
  new RehearsalError(
    `host '${host}' has the address '${address}', which the switch of the hosts has: with '--hosts' the first address of a site is its router's`,
    badInput,
  );

export const machinesNotHosted = (environment: string, types: readonly string[]): RehearsalError =>
  new RehearsalError(
    `'--hosts' runs machines of AWS and of metal as hosts, but '${environment}' has ${types.map((it) => `'${it}'`).join(' and ')}; rehearse it without '--hosts'`,
    badInput,
  );
