import { loadEnvironments, type Environment } from '../../model/environment';
import { clusterNames } from '../../model/lookup';
import { kubernetesVersionOf } from '../../model/versions';
import { exitCodes, type ExitCode } from '../../rehearsal/errors';
import { rehearseDown } from '../../rehearsal/down';
import { faultModes, parseFault, type Fault } from '../../rehearsal/faults';
import { checkFaultName, faultsNamed, faultsOn } from '../../rehearsal/hosts/faults/all';
import type { Fault as HostFault, Ground } from '../../rehearsal/hosts/faults/fault';
import { rehearseFaults } from '../../rehearsal/hosts/faults/rehearse-faults';
import type { HostsOptions } from '../../rehearsal/hosts/lab';
import { standingMachines } from '../../rehearsal/hosts/metal-machines';
import { Progress, type ProgressOutput } from '../../rehearsal/progress';
import { rehearsePlan } from '../../rehearsal/plan-environment';
import type { RehearsalOptions } from '../../rehearsal/session';
import { rehearseUp, type UpOptions } from '../../rehearsal/up';
import { environmentsDir, programEnvironment, type Context } from '../context';
import { excludingOptions, exitCodeHelp, notANumber, onlyWith } from '../errors';
import { faultListJson, faultListText, faultsJson, faultsText } from '../fault-text';
import type { Register } from '../program';
import { downJson, downText, planJson, planText, upJson, upText } from '../rehearsal-text';

interface RehearseOptions {
  readonly plan?: true;
  readonly down?: true;
  readonly hosts?: true;
  readonly fail: readonly Fault[];
  readonly fault: readonly string[];
  readonly faults?: true;
  readonly parallelism?: number;
  readonly detailedExitcode?: true;
  readonly json?: true;
  readonly verbose?: true;
}

export const rehearseCommand: Register = (program, context, ended) => {
  program
    .command('rehearse')
    .argument('<environment>', 'environment to rehearse')
    .description('Deploys an environment by the real cdktf and Terraform against a simulated cloud on this machine')
    .option('--plan', 'change nothing; show what a deploy would change, stack by stack')
    .option('--down', 'destroy the rehearsed environment and prove that nothing is left')
    .option('--hosts', 'run every machine as a host of its own on this machine, with real Kubernetes; needs root')
    .option(
      '--fail <type=times>',
      `let creations fail: <type>=<n> or <type>:<mode>=<n>, mode ${faultModes.join('|')}; repeatable`,
      addFault,
      [],
    )
    .option(
      '--fault <name>',
      'with --hosts: let something go wrong with the machines and see that it ends well; repeatable; all means each',
      addHostFault,
      [],
    )
    .option('--faults', 'change nothing; list the faults that fit the environment, with what must come of each')
    .option('--parallelism <n>', 'stacks that run at once (default: as many as their dependencies allow)', wholeNumber)
    .option('--detailed-exitcode', 'with --plan: exit 5 when there are changes')
    .option('--json', 'print the result as JSON; progress goes to standard error')
    .option('--verbose', 'show everything that Terraform says')
    .addHelpText(
      'after',
      `\n${help}\n\n${exitCodeHelp}\nWith --plan --detailed-exitcode: 5 when something would change. A refused plan is 1.`,
    )
    .action(async (name: string, options: RehearseOptions) => {
      check(options);
      // A mistake in the file is told with its line before anything runs.
      const [loaded] = loadEnvironments(environmentsDir(context), name);
      if (options.faults) {
        const faults = faultsOn(groundOf(loaded));
        context.out(options.json ? json(faultListJson(faults)) : faultListText(faults));
        return;
      }
      const struck = [...new Set(options.fault.flatMap((it) => faultsNamed(it, groundOf(loaded))))];
      ended(await rehearse(context, name, options, struck, options.hosts && loaded ? hostsOf(loaded) : undefined));
    });
};

const help = [
  'It needs Terraform >= 1.11, and Go >= 1.25 the first time, to build the simulated provider. Everything it makes is in',
  '.drover/rehearsal/<environment>; run again, it goes on from there. With --hosts the machines stay until --down.',
  '',
  'Examples:',
  '  drover rehearse dev',
  '  drover rehearse dev --plan',
  '  sudo drover rehearse dev --hosts',
  '  sudo drover rehearse dev --hosts --fault server-power-cut --fault reboot',
  '  drover rehearse dev --fail aws_instance=2 --fail aws_lb:throttle=1',
  '  drover rehearse dev --down',
].join('\n');

function check({ plan, down, hosts, fail, fault, faults, detailedExitcode }: RehearseOptions): void {
  if (plan && down) throw excludingOptions('--plan', '--down');
  if (hosts && (plan || down)) throw excludingOptions('--hosts', plan ? '--plan' : '--down');
  if (fail.length > 0 && (plan || down)) throw excludingOptions('--fail', plan ? '--plan' : '--down');
  if (fault.length > 0 && faults) throw excludingOptions('--fault', '--faults');
  if (fault.length > 0 && fail.length > 0) throw excludingOptions('--fault', '--fail');
  if (fault.length > 0 && !hosts) throw onlyWith('--fault', '--hosts');
  if (detailedExitcode && !plan) throw onlyWith('--detailed-exitcode', '--plan');
}

function hostsOf(environment: Environment): HostsOptions {
  return {
    artifactUrl: environment.rke2.artifactUrl,
    kubernetesVersions: clusterNames(environment).map((it) => kubernetesVersionOf(environment, it)),
    standing: standingMachines(environment),
  };
}

async function rehearse(
  context: Context,
  environment: string,
  options: RehearseOptions,
  faults: readonly HostFault[],
  hosts: HostsOptions | undefined,
): Promise<ExitCode> {
  const rehearsal = { ...rehearsalOptions(context, environment, options), ...(hosts ? { hosts } : {}) };
  const parallelism = options.parallelism === undefined ? {} : { parallelism: options.parallelism };
  const print = (result: unknown, text: string): void => context.out(options.json ? json(result) : text);
  if (options.plan) {
    const plan = await rehearsePlan(rehearsal);
    print(planJson(plan), planText(plan));
    if (!plan.ok) return exitCodes.failed;
    return options.detailedExitcode && plan.hasChanges ? exitCodes.changes : exitCodes.ok;
  }
  if (options.down) {
    const report = await rehearseDown({ ...rehearsal, ...parallelism });
    print(downJson(report), downText(report));
    return report.ok ? exitCodes.ok : exitCodes.failed;
  }
  const up: UpOptions = { ...rehearsal, ...parallelism, faults: options.fail };
  const report = faults.length > 0 ? await rehearseFaults(faults, up) : { up: await rehearseUp(up) };
  if ('up' in report) {
    print(upJson(report.up), upText(report.up));
    return report.up.ok ? exitCodes.ok : exitCodes.failed;
  }
  print(faultsJson(environment, report.ok, report.runs), faultsText(report.runs));
  return report.ok ? exitCodes.ok : exitCodes.failed;
}

const json = (result: unknown): string => `${JSON.stringify(result, null, 2)}\n`;

function rehearsalOptions(context: Context, environment: string, options: RehearseOptions): RehearsalOptions {
  const { json, verbose = false, down } = options;
  const output: ProgressOutput = {
    write: json ? context.err : context.out,
    verbose,
    ...(context.columns === undefined || json ? {} : { columns: context.columns }),
  };
  const verbs = down ? { start: 'destroying', end: 'destroyed' } : { start: 'deploying', end: 'deployed' };
  return {
    projectRoot: context.projectRoot,
    environment,
    env: programEnvironment(context),
    progress: new Progress(output, verbs),
    interruption: context.interruption,
    resumeBy: `drover rehearse ${environment}${down ? ' --down' : ''}`,
  };
}

const addFault = (text: string, before: readonly Fault[]): readonly Fault[] => [...before, parseFault(text)];

function addHostFault(text: string, before: readonly string[]): readonly string[] {
  checkFaultName(text);
  return [...before, text];
}

/** Where the machines of an environment stand, as faults see it. */
function groundOf(environment: Environment | undefined): Ground {
  return Object.values(environment?.sites ?? {}).some((it) => it.platform === 'metal') ? 'metal' : 'cloud';
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw notANumber('--parallelism', text);
  return Number(text);
}
