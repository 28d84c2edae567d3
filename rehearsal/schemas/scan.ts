import type { ConfigMember, DeclaredAttribute, MappedValue, ScannedBinding, ScannedClass } from './scanned-binding';

const INTERFACE = /^export interface (\w+)/;
const HCL_MAPPER = /^export function (\w+)ToHclTerraform\(/;
const CLASS = /^export class (\w+) extends cdktf\.(\w+)/;
const MAIN_BASE = /^Terraform(Resource|DataSource|Provider)$/;

const MEMBER = /^\s*readonly \w+(\??): .*;\s*$/;
/** The link to an argument's docs ends in `#<name> <Class>#<name>}` and so tells the Terraform name of a member. */
const DOCS_LINK = /#([\w-]+) \w+#\1\}/;
const FLAGS = /^ {2}\/\/ ([\w-]+) - computed: (\w+), optional: (\w+), required: (\w+)/;
const STORED = /^ {2}private _\w+ = new ([\w.]+)\(this, "[^"]*"(?:, (true|false))?\)/;
const GETTER = /^ {4}return (.*);$/;
const CONFIG = /^ {2}public constructor\(scope: Construct, id: string, config: (\w+)/;
const COLLECTION_MEMBER = /^ {2}public get\((?:index|key): \w+\): (\w+)/;
const MEMBER_IS_SET = /^ {4}return new \w+\(this, `[^`]*`, true\);$/;
const HCL_METHOD = /^ {2}(?:protected|public) (?:override )?synthesizeHclAttributes\(/;

const MAPPED_NAME = /^ {4,}([\w-]+): \{$/;
const MAPPED_VALUE = /^\s+value: (.*),$/;
const MAPPED_KIND = /^\s+type: "(\w+)",$/;
const OMITTED_DEFAULT = /^\S+ === undefined \? (.*?) : /;
const MAPPER_ARGUMENT = /\((?:this\._|struct!?\.)[\w.]+\)$/;

type LineReader = (line: string) => void;

/**
 * Reads the source of a binding in one pass. This is no parser of TypeScript: the text is made by one generator,
 * one statement a line, and a parse by the compiler would take a hundred times as long.
 */
export function scanBinding(source: string): ScannedBinding {
  const binding: ScannedBinding = { interfaces: new Map(), mappers: new Map(), classes: new Map() };
  let read: LineReader | undefined;
  for (const line of source.split('\n')) {
    if (line.startsWith('export ')) read = openDeclaration(binding, line);
    else read?.(line);
  }
  return binding;
}

function openDeclaration(binding: ScannedBinding, line: string): LineReader | undefined {
  const [, interfaceName] = INTERFACE.exec(line) ?? [];
  if (interfaceName !== undefined) return interfaceReader(put(binding.interfaces, interfaceName, new Map()));
  const [, mapperName] = HCL_MAPPER.exec(line) ?? [];
  if (mapperName !== undefined) return mappedReader(put(binding.mappers, mapperName, new Map()));
  const [, className, base] = CLASS.exec(line) ?? [];
  if (className === undefined || base === undefined) return undefined;
  if (MAIN_BASE.test(base)) binding.main = className;
  return classReader(put(binding.classes, className, { base, attributes: new Map(), mapped: new Map() }));
}

function put<T>(map: Map<string, T>, key: string, value: T): T {
  map.set(key, value);
  return value;
}

function interfaceReader(members: Map<string, ConfigMember>): LineReader {
  let docs: string[] = [];
  return (line) => {
    const text = line.trimStart();
    if (text.startsWith('/**')) docs = [];
    else if (text.startsWith('*') && !text.startsWith('*/')) docs.push(text.slice(1).trim());
    else {
      const [, mark] = MEMBER.exec(line) ?? [];
      if (mark === undefined) return;
      const [, name] = DOCS_LINK.exec(docs.join('\n')) ?? [];
      if (name !== undefined) members.set(name, { optional: mark === '?', block: docs[0] === `${name} block` });
      docs = [];
    }
  };
}

function mappedReader(values: Map<string, MappedValue>): LineReader {
  let name: string | undefined;
  let value = '';
  return (line) => {
    const [, opened] = MAPPED_NAME.exec(line) ?? [];
    if (opened !== undefined) {
      name = opened;
      return;
    }
    if (name === undefined) return;
    const [, expression] = MAPPED_VALUE.exec(line) ?? [];
    if (expression !== undefined) value = expression;
    const [, kind] = MAPPED_KIND.exec(line) ?? [];
    if (kind === undefined) return;
    const [defaulted = '', omitted] = OMITTED_DEFAULT.exec(value) ?? [];
    const mapper = value.slice(defaulted.length).replace(MAPPER_ARGUMENT, '');
    values.set(name, { mapper, kind, nullWhenOmitted: omitted === 'null' });
    name = undefined;
  };
}

function classReader(scanned: ScannedClass): LineReader {
  let readMapped: LineReader | undefined;
  let current: string | undefined;
  const amend = (more: Partial<DeclaredAttribute>): void => {
    const known = current === undefined ? undefined : scanned.attributes.get(current);
    if (current !== undefined && known !== undefined) scanned.attributes.set(current, { ...more, ...known });
  };
  return (line) => {
    if (readMapped !== undefined) return readMapped(line);
    if (HCL_METHOD.test(line)) {
      readMapped = mappedReader(scanned.mapped);
      return;
    }
    const flags = FLAGS.exec(line);
    if (flags?.[1] !== undefined) {
      current = flags[1];
      const [computed, optional, required] = flags.slice(2).map((flag) => flag === 'true');
      scanned.attributes.set(current, {
        computed: computed === true,
        optional: optional === true,
        required: required === true,
      });
      return;
    }
    const stored = STORED.exec(line);
    if (stored?.[1] !== undefined) return amend({ storedClass: stored[1], wrapsSet: stored[2] === 'true' });
    if (scanned.member !== undefined && MEMBER_IS_SET.test(line)) scanned.membersAreSets = true;
    const [, getter] = GETTER.exec(line) ?? [];
    if (getter !== undefined) return amend({ getter });
    const [, config] = CONFIG.exec(line) ?? [];
    if (config !== undefined) scanned.config = config;
    const [, member] = COLLECTION_MEMBER.exec(line) ?? [];
    if (member !== undefined) scanned.member = member;
  };
}
