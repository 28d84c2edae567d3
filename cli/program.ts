import { Command, CommanderError } from 'commander';
import { version } from '../package.json';
import { inventoryCommand } from './commands/inventory';
import { prepareCommand } from './commands/prepare';
import { rehearseCommand } from './commands/rehearse';
import { reviewCommand } from './commands/review';
import { schemaCommand } from './commands/schema';
import { validateCommand } from './commands/validate';
import type { Context } from './context';
import { exitCodeHelp, exitCodeOf } from './errors';
import { exitCodes, type ExitCode } from '../rehearsal/errors';

/** A command of drover: it says what it does and how it ended. */
export type Register = (program: Command, context: Context, ended: (code: ExitCode) => void) => void;

const commands: readonly Register[] = [
  validateCommand,
  schemaCommand,
  inventoryCommand,
  prepareCommand,
  rehearseCommand,
  reviewCommand,
];

/** Runs `drover` with its arguments and answers the exit code. Errors are a sentence on standard error. */
export async function runDrover(argv: readonly string[], context: Context): Promise<ExitCode> {
  let code: ExitCode = exitCodes.ok;
  const program = new Command('drover')
    .description('Raises and rehearses fleets of Rancher-managed clusters')
    .version(version)
    .configureOutput({ writeOut: context.out, writeErr: context.err })
    .addHelpText('after', `\nExample:\n  drover rehearse dev\n\n${exitCodeHelp}`)
    .exitOverride();
  for (const register of commands) {
    register(program, context, (ended) => {
      code = ended;
    });
  }
  for (const command of program.commands)
    command.exitOverride().configureOutput({ writeOut: context.out, writeErr: context.err });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    // Commander has already said what is wrong with the command line.
    if (!(error instanceof CommanderError)) context.err(`${messageOf(error, context)}\n`);
    return exitCodeOf(error);
  }
}

function messageOf(error: unknown, { env }: Context): string {
  if (!(error instanceof Error)) return String(error);
  const isDebug = env['DROVER_DEBUG'] !== undefined && env['DROVER_DEBUG'] !== '';
  return isDebug ? (error.stack ?? error.message) : `drover: ${error.message}`;
}
