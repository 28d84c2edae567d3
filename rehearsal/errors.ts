/** How a command ended, as its exit code; documented in the help of every command. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  badInput: 2,
  missingPrerequisite: 3,
  locked: 4,
  changes: 5,
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Something that stops a rehearsal: what is wrong, the value got, what is allowed, what to do. */
export class RehearsalError extends Error {
  public constructor(
    message: string,
    public readonly exitCode: ExitCode,
  ) {
    super(message);
    this.name = 'RehearsalError';
  }
}

const { failed, badInput, missingPrerequisite, locked, interrupted } = exitCodes;

export const terraformMissing = (): RehearsalError =>
  new RehearsalError(
    "'terraform' is not on the PATH; Terraform >= 1.11 is needed: https://developer.hashicorp.com/terraform/install",
    missingPrerequisite,
  );

export const terraformTooOld = (got: string, needed: string): RehearsalError =>
  new RehearsalError(
    `Terraform '${got}' is too old; >= ${needed} is needed (ephemeral values and write-only arguments): https://developer.hashicorp.com/terraform/install`,
    missingPrerequisite,
  );

export const terraformUnreadable = (output: string): RehearsalError =>
  new RehearsalError(
    `'terraform version -json' did not say its version but ${JSON.stringify(output.slice(0, 200))}; check what 'terraform' on the PATH is`,
    missingPrerequisite,
  );

export const goMissing = (needed: string): RehearsalError =>
  new RehearsalError(
    `'go' is not on the PATH and the simulated provider has to be built; Go >= ${needed} is needed: https://go.dev/dl/`,
    missingPrerequisite,
  );

export const goTooOld = (got: string, needed: string): RehearsalError =>
  new RehearsalError(
    `Go '${got}' is too old to build the simulated provider; >= ${needed} is needed: https://go.dev/dl/`,
    missingPrerequisite,
  );

export const goBuildFailed = (what: string, output: string): RehearsalError =>
  new RehearsalError(`${what} does not build:\n${output.trim()}`, missingPrerequisite);

export const dependenciesMissing = (what: string): RehearsalError =>
  new RehearsalError(`'${what}' is not installed; run 'npm ci' in the project's folder`, missingPrerequisite);

export const cannotWrite = (path: string, reason: string): RehearsalError =>
  new RehearsalError(
    `cannot write '${path}': ${reason}; the rehearsal keeps its files there, so give it space and permission`,
    missingPrerequisite,
  );

export const rehearsalRunning = (environment: string, pid: number, since: string): RehearsalError =>
  new RehearsalError(
    `a rehearsal of '${environment}' is running since ${since} (process ${pid}); wait for it, or end that process by Ctrl-C`,
    locked,
  );

export const commandUnusable = (command: string, reason: string): RehearsalError =>
  new RehearsalError(`'${command}' cannot be started: ${reason}`, missingPrerequisite);

export const appUnknown = (file: string): RehearsalError =>
  new RehearsalError(
    `'${file}' has no readable 'app' command; run drover in the project's folder`,
    missingPrerequisite,
  );

export const synthFailed = (reason: string, log: string, isInput: boolean): RehearsalError =>
  new RehearsalError(
    `the program could not be synthesized: ${reason} (all of it in '${log}')`,
    isInput ? badInput : failed,
  );

export const nothingSynthesized = (environment: string): RehearsalError =>
  new RehearsalError(`the program made no stack for environment '${environment}'`, failed);

export const fileNotUnderstood = (file: string, reason: string): RehearsalError =>
  new RehearsalError(`'${file}' is not what cdktf or Terraform writes: ${reason}`, failed);

export const backendUnknown = (stack: string, kind: string): RehearsalError =>
  new RehearsalError(
    `stack '${stack}' keeps its state in '${kind}', which the rehearsal cannot replace; it knows 's3', 'azurerm' and 'local'`,
    failed,
  );

export const connectionUnknown = (stack: string, type: string): RehearsalError =>
  new RehearsalError(
    `stack '${stack}' reaches machines by '${type}', which the rehearsal cannot replace; it knows 'ssh'`,
    failed,
  );

export const entryFailed = (reason: string): RehearsalError =>
  new RehearsalError(`the simulated machines behind SSH did not start: ${reason}`, failed);

export const faultNotUnderstood = (got: string, modes: readonly string[]): RehearsalError =>
  new RehearsalError(
    `'--fail ${got}' is not understood; say <type>=<times> or <type>:<mode>=<times>, with mode one of ${modes.join(', ')}`,
    badInput,
  );

export const faultTypeUnknown = (type: string): RehearsalError =>
  new RehearsalError(
    `'--fail ${type}' names a type that no stack of this environment has; see the types with 'drover inventory'`,
    badInput,
  );

export const terraformFailed = (stack: string, verb: string, reason: string, log: string): RehearsalError =>
  new RehearsalError(`'terraform ${verb}' of stack '${stack}' failed: ${reason} (all of it in '${log}')`, failed);

export const wasInterrupted = (next: string): RehearsalError => new RehearsalError(`interrupted; ${next}`, interrupted);
