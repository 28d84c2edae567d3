// Writes docs/platforms.md: what each platform does for each capability, in the words of the constructs that do it.
// Usage: node tools/platforms.mjs [--check]
// Exit: 0 written or up to date, 1 the page differs from the code or a construct says nothing of itself
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import ts from 'typescript';
import { CAPABILITIES, PLATFORMS } from './capabilities.mjs';

const PAGE = 'docs/platforms.md';

/** First sentence of what a file's first class says of itself. */
function saidBy(file) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const [first] = source.statements.filter((it) => ts.isClassDeclaration(it) && it.jsDoc !== undefined);
  const comment = first?.jsDoc?.[0]?.comment;
  if (typeof comment !== 'string') throw new Error(`'${file}' has no class with a docstring`);
  return /^.*?[.!?](?=\s|$)/s.exec(comment)?.[0].replaceAll('\n', ' ') ?? comment;
}

/** One cell: the construct's own words with a link, or why there is none. */
function cell(platform, answer) {
  if (answer.none !== undefined) return answer.none;
  const file = `constructs/${platform}/${answer}.ts`;
  if (!existsSync(file)) throw new Error(`'${file}' does not exist`);
  return `${saidBy(file)} ([${answer}](../${file}))`;
}

const row = (cells) => `| ${cells.join(' | ')} |`;

function page() {
  const rows = CAPABILITIES.map(({ name, ...answers }) =>
    row([name, ...PLATFORMS.map(({ id }) => cell(id, answers[id]))]),
  );
  return `# What each platform does

Written by \`npm run platforms\` out of the constructs' own words; \`make test\` compares it. A construct has the same name on
every platform where it answers the same question: \`diff constructs/aws/node-group.ts constructs/azure/node-group.ts\`.

${row(['capability', ...PLATFORMS.map(({ title }) => title)])}
${row(['---', ...PLATFORMS.map(() => '---')])}
${rows.join('\n')}
`;
}

const wanted = page();
if (process.argv.includes('--check')) {
  if (!existsSync(PAGE) || readFileSync(PAGE, 'utf8') !== wanted) {
    console.error(`${PAGE} is not what the code says: run 'npm run platforms' and read the change`);
    process.exit(1);
  }
} else {
  writeFileSync(PAGE, wanted);
}
