import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { environmentJsonSchema } from '../../model/json-schema';
import { environmentReference } from '../../model/schema-reference';
import { exitCodes } from '../../rehearsal/errors';
import { writing } from '../../rehearsal/workspace';
import type { Context } from '../context';
import { excludingOptions, exitCodeHelp } from '../errors';
import type { Register } from '../program';

interface SchemaOptions {
  readonly markdown?: true;
  readonly out?: string;
  readonly check?: true;
}

/** Where the generated files lie in the project. */
const HOME = path.join('docs', 'reference');

export const schemaCommand: Register = (program, context, ended) => {
  program
    .command('schema')
    .description('Prints the JSON Schema of an environment, or writes it and the reference page')
    .option('--markdown', 'print the reference page instead')
    .option('--out <folder>', `write both files into a folder (the committed ones are in ${HOME})`)
    .option('--check', 'write nothing; fail if the committed files differ')
    .addHelpText('after', `\nExample:\n  drover schema --out ${HOME}\n\n${exitCodeHelp}`)
    .action((options: SchemaOptions) => {
      if (options.check && options.out !== undefined) throw excludingOptions('--check', '--out');
      if (options.check) {
        ended(checkFiles(context) ? exitCodes.ok : exitCodes.failed);
      } else if (options.out !== undefined) {
        writeFiles(context, path.resolve(context.workingDirectory, options.out));
      } else {
        context.out(options.markdown ? environmentReference() : jsonSchema());
      }
    });
};

const jsonSchema = (): string => `${JSON.stringify(environmentJsonSchema(), null, 2)}\n`;

function files(): [name: string, text: string][] {
  return [
    ['environment.schema.json', jsonSchema()],
    ['environment.md', environmentReference()],
  ];
}

function writeFiles(context: Context, folder: string): void {
  writing(folder, () => mkdirSync(folder, { recursive: true }));
  for (const [name, text] of files()) {
    const file = path.join(folder, name);
    writing(file, () => writeFileSync(file, text));
    context.out(`${path.relative(context.workingDirectory, file)}\n`);
  }
}

function checkFiles(context: Context): boolean {
  const stale = files().filter(([name, text]) => {
    const file = path.join(context.projectRoot, HOME, name);
    return !existsSync(file) || readFileSync(file, 'utf8') !== text;
  });
  for (const [name] of stale) {
    context.err(`'${path.join(HOME, name)}' is not what the schema says now; run 'drover schema --out ${HOME}'\n`);
  }
  return stale.length === 0;
}
