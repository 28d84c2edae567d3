import type { z } from 'zod';
import { environmentJsonSchema } from './json-schema';
import type { JsonSchema } from './json-schema';

type Node = z.core.JSONSchema._JSONSchema;

/** One table: the fields of one map. */
interface Section {
  /** Path of the map, with `<name>` for keys that a person chooses. */
  readonly path: string;
  readonly schema: JsonSchema;
}

/** Markdown reference of the environment file, with every field, what it takes, and its default. */
export function environmentReference(): string {
  const schema = environmentJsonSchema();
  const intro = [
    '# Environment',
    'Generated from the schema by `drover schema --markdown`; do not edit.',
    'One file `environments/<name>.yaml` describes one environment. Unknown keys are refused. `<name>` stands for a key that you choose.',
  ];
  const seen = new Map<string, string>();
  const sections = sectionsOf({ path: '', schema }).map((section) => renderSection(section, seen));
  return `${[...intro, ...sections].join('\n\n')}\n`;
}

function renderSection({ path, schema }: Section, seen: Map<string, string>): string {
  const heading = `## ${path === '' ? 'Top level' : `\`${path}\``}`;
  const content = JSON.stringify(schema.properties);
  const twin = seen.get(content);
  if (twin !== undefined) return `${heading}\n\nThe same fields as \`${twin}\`.`;
  seen.set(content, path);
  const rows = Object.entries(schema.properties ?? {}).map(([name, field]) => renderRow(name, asSchema(field), schema));
  return [heading, '', '| field | takes | default | meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function renderRow(name: string, field: JsonSchema, holder: JsonSchema): string {
  const fallback = holder.required?.includes(name) === true ? '**required**' : defaultOf(field);
  const cells = [`\`${name}\``, takes(field), fallback, field.description ?? ''];
  return `| ${cells.map(escapeCell).join(' | ')} |`;
}

function defaultOf(field: JsonSchema): string {
  if (field.default === undefined) return '-';
  return field.properties === undefined ? `\`${JSON.stringify(field.default)}\`` : 'as below';
}

/** What a field takes, in words. */
function takes(field: JsonSchema): string {
  if (field.enum !== undefined) return field.enum.map((value) => `\`${String(value)}\``).join(' \\| ');
  if (field.const !== undefined) return `\`${String(field.const)}\``;
  if (field.oneOf !== undefined || field.anyOf !== undefined) return 'one of the maps below';
  if (field.patternErrorMessage !== undefined)
    return limited(field.patternErrorMessage.replace(/^must be /, ''), field);
  if (field.type === 'array') return `list${countOf(field)}; each ${takes(itemsOf(field))}`;
  if (field.type === 'object') return isMapOf(field) ? `map of ${valuesOf(field)}` : 'map, see below';
  if (field.type === 'boolean') return '`true` \\| `false`';
  if (field.type === 'integer') return limited('whole number', field);
  return limited('text', field);
}

function valuesOf(field: JsonSchema): string {
  const value = asSchema(field.additionalProperties);
  return value.type === 'object' || value.oneOf !== undefined || value.anyOf !== undefined
    ? 'maps, see below'
    : takes(value);
}

function limited(what: string, field: JsonSchema): string {
  const { minimum, maximum } = field;
  if (minimum !== undefined && maximum !== undefined) return `${what}, ${minimum} to ${maximum}`;
  if (minimum !== undefined) return `${what}, at least ${minimum}`;
  if (maximum !== undefined) return `${what}, at most ${maximum}`;
  return field.maxLength === undefined ? what : `${what}, at most ${field.maxLength} characters`;
}

function countOf({ minItems, maxItems }: JsonSchema): string {
  if (minItems === undefined) return '';
  return maxItems === undefined ? ` of at least ${minItems}` : ` of ${minItems} to ${maxItems}`;
}

/** The map itself and every map in it, outer before inner. */
function sectionsOf({ path, schema }: Section): Section[] {
  const inner = Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
    mapsIn({ path: path === '' ? name : `${path}.${name}`, schema: asSchema(field) }),
  );
  return [{ path, schema }, ...inner];
}

function mapsIn({ path, schema }: Section): Section[] {
  if (schema.oneOf !== undefined)
    return schema.oneOf.map(asSchema).flatMap((choice) => mapsIn({ path: path + choiceOf(choice), schema: choice }));
  if (schema.anyOf !== undefined)
    return schema.anyOf.flatMap((form) => formIn({ path, schema: asSchema(form) }, schema));
  if (schema.items !== undefined) return mapsIn({ path: `${path}[]`, schema: itemsOf(schema) });
  if (isMapOf(schema)) return mapsIn({ path: `${path}.<name>`, schema: asSchema(schema.additionalProperties) });
  if (schema.properties === undefined) return [];
  return sectionsOf({ path, schema });
}

/** One of several forms of a map, told by a key that the first form has not. */
function formIn({ path, schema }: Section, { anyOf = [] }: JsonSchema): Section[] {
  const known = Object.keys(asSchema(anyOf[0]).properties ?? {});
  const own = Object.keys(schema.properties ?? {}).find((name) => !known.includes(name));
  return sectionsOf({ path: own === undefined ? path : `${path} (with ${own})`, schema });
}

/** How a map of a union is told from the others: ' (source: letsEncrypt)'; the one that needs no telling has nothing. */
function choiceOf(schema: JsonSchema): string {
  const tag = Object.entries(schema.properties ?? {}).find(
    ([name, field]) => asSchema(field).const !== undefined && schema.required?.includes(name) === true,
  );
  return tag === undefined ? '' : ` (${tag[0]}: ${String(asSchema(tag[1]).const)})`;
}

function isMapOf(schema: JsonSchema): boolean {
  return typeof schema.additionalProperties === 'object';
}

function itemsOf(schema: JsonSchema): JsonSchema {
  return Array.isArray(schema.items) ? {} : asSchema(schema.items);
}

function asSchema(node: Node | undefined): JsonSchema {
  return typeof node === 'object' ? node : {};
}

function escapeCell(text: string): string {
  return text.replace(/\n/g, ' ');
}
