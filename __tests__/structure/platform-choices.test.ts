import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import ts from 'typescript';

const files = execFileSync('git', ['ls-files', 'model', 'constructs', 'stacks', 'cli', 'review', 'rehearsal'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file.endsWith('.ts') && fs.existsSync(file));

/** Every `switch` over platforms of a file. */
function choicesIn(file: string, text: string): ts.SwitchStatement[] {
  const found: ts.SwitchStatement[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isSwitchStatement(node) && /platform\b/i.test(node.expression.getText())) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

/** What the other case of a choice does, if it is anything but the end of a closed set. */
function otherCase(choice: ts.SwitchStatement): string | undefined {
  const clause = choice.caseBlock.clauses.find(ts.isDefaultClause);
  if (clause === undefined) return 'nothing: the set is not closed';
  const body = clause.statements.map((it) => it.getText()).join(' ');
  return /^return unknownPlatform\(\w+\);$/.test(body) ? undefined : body;
}

test('every choice between platforms ends in the error that no known platform reaches', () => {
  const choices = files.flatMap((file) => choicesIn(file, fs.readFileSync(file, 'utf8')).map((it) => ({ file, it })));
  expect(choices.length).toBeGreaterThan(2);
  expect(choices.flatMap(({ file, it }) => [otherCase(it)].filter(Boolean).map((body) => ({ file, body })))).toEqual(
    [],
  );
});

test('a choice with a case for all others is found', () => {
  const [open, closed] = choicesIn(
    'sample.ts',
    `switch (site.platform) { case 'aws': return 1; default: return 2; }
     switch (platform) { case 'aws': return 1; default: return unknownPlatform(platform); }`,
  ).map(otherCase);
  expect({ open, closed }).toEqual({ open: 'return 2;', closed: undefined });
});
