import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { sourceMapMissing } from './errors';

const MAP_MARK = 'sourceMappingURL=data:application/json;base64,';
const SHARDS_FOLDER = 'index-structs';
const SHARD = /^structs\w*(\.ts|\.js)$/;

const sourceMap = z.object({ sourcesContent: z.array(z.string()).min(1).optional() });

/**
 * The TypeScript that a binding was compiled from: a `.ts` file as it is, a `.js` file by its inline source map.
 * Parts of very large types lie in files of their own and come first.
 * @throws if a JavaScript file does not carry its source
 */
export function bindingSource(file: string): string {
  return [...shards(file), file].map(typeScriptOf).join('\n');
}

function shards(file: string): string[] {
  const folder = path.join(path.dirname(file), SHARDS_FOLDER);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => SHARD.exec(name)?.[1] === path.extname(file))
    .sort()
    .map((name) => path.join(folder, name));
}

function typeScriptOf(file: string): string {
  const text = readFileSync(file, 'utf8');
  if (file.endsWith('.ts')) return text;
  const start = text.lastIndexOf(MAP_MARK);
  if (start < 0) throw sourceMapMissing(file, 'inline source map');
  const json = Buffer.from(text.slice(start + MAP_MARK.length).trim(), 'base64').toString('utf8');
  const source = sourceMap.parse(JSON.parse(json)).sourcesContent?.[0];
  if (source === undefined) throw sourceMapMissing(file, 'source in its source map');
  return source;
}
