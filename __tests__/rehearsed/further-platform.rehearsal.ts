import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const SITES = path.resolve('model/spec/site.ts');

/** The union of sites with one more. */
const withFurtherPlatform = (text: string): string =>
  text
    .replace(
      /^\/\*\* A place with one network/m,
      "const lunarSiteSpec = z.strictObject({ platform: z.literal('lunar').describe('A made-up platform'), crater: z.string(), cidr, machines: cloudMachines, ...ownOfSite });\n$&",
    )
    .replace(/(discriminatedUnion\('platform', \[)([^\]]+)\]/, '$1$2, lunarSiteSpec]');

/** Files of the program that do not compile once `change` has been made to the sites; without it, all do. */
function brokenFiles(change: (text: string) => string): string[] {
  const { config } = ts.readConfigFile('tsconfig.json', (file) => ts.sys.readFile(file));
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd());
  const host = ts.createCompilerHost(options);
  const read = host.readFile.bind(host);
  host.readFile = (file) => {
    const text = read(file);
    return text !== undefined && path.resolve(file) === SITES ? change(text) : text;
  };
  const program = ts.createProgram(
    fileNames.filter((it) => !it.includes('__tests__')),
    { ...options, noEmit: true },
    host,
  );
  const broken = program.getSemanticDiagnostics().map(({ file }) => path.relative('', file?.fileName ?? '?'));
  return [...new Set(broken)].sort();
}

test('a further platform breaks the build exactly where work would be needed', () => {
  expect(withFurtherPlatform(readFileSync(SITES, 'utf8'))).toContain(', lunarSiteSpec]');
  expect(brokenFiles(withFurtherPlatform)).toEqual([
    'model/lookup.ts',
    'model/rules/imported.ts',
    'model/rules/own-store.ts',
    'model/rules/platforms.ts',
    'model/rules/sites.ts',
    'stacks/platforms/platform-of.ts',
  ]);
});
