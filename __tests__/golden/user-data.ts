/** What a machine is told, as far as it is known before apply: references stay as `${...}`. */
export function decodeUserData(expression: string): string {
  const [head, ...rest] = decodeText(expression).split('\n');
  const config = JSON.parse(rest.join('\n')) as CloudConfig;
  const files = config.write_files.map(({ path, permissions, encoding, content }) => {
    const plain = encoding === 'b64' && !content.startsWith('${') ? Buffer.from(content, 'base64').toString() : content;
    return `--- ${path} ${permissions}${encoding === undefined ? '' : ' (base64)'}\n${plain.trimEnd()}\n`;
  });
  return `${head ?? ''}\n${files.join('')}--- runcmd\n${JSON.stringify(config.runcmd)}\n`;
}

/** A text that is joined of literals and references, which stay as `${...}`. */
export function decodeText(expression: string): string {
  const list = /^\$\{(?:base64encode\()?join\("", \[(.*)\]\)\)?\}$/s.exec(expression)?.[1];
  if (list === undefined) throw new Error(`not a rendered text: ${expression.slice(0, 80)}`);
  return parts(list)
    .map((part) => (part.startsWith('"') ? literal(part) : `\${${reference(part)}}`))
    .join('');
}

interface CloudConfig {
  readonly write_files: readonly { path: string; permissions: string; encoding?: string; content: string }[];
  readonly runcmd: unknown;
}

/** Splits the arguments of a Terraform list at its own commas. */
function parts(list: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i <= list.length; i++) {
    const char = list[i];
    if (char === '"') i = endOfString(list, i);
    else if (char === '(' || char === '[' || char === '{') depth++;
    else if (char === ')' || char === ']' || char === '}') depth--;
    else if (char === undefined || (char === ',' && depth === 0)) {
      found.push(list.slice(start, i).trim());
      start = i + 1;
    }
  }
  return found;
}

function endOfString(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return i;
}

const literal = (part: string): string =>
  (JSON.parse(part) as string).replaceAll('$${', '${').replaceAll('%%{', '%{');

/** The reference inside the quoting for shell and JSON. */
const reference = (part: string): string => /^replace\(jsonencode\(replace\(([^,"]+), /.exec(part)?.[1] ?? part;
