#!/usr/bin/env node
// Reduces a folder of provider facts to what the simulated provider acts upon.
//
//   node rehearsal/provider/behaviour/reduce.mjs <facts directory>
//
// The facts directory holds behaviour/{aws,azurerm,kubernetes,helm}.json, rancher2-schema-v*.json and
// schemas/{helm,random}.json. Writes aws.json, azurerm.json, kubernetes.json, helm.json, rancher2.json and random.json
// beside this file. Facts that only people can read (a condition in prose) have their machine-readable form in
// `conditions.mjs`; one without a form is an error, so that a new fact can't be lost silently. What Azure's
// documentation says of single arguments is in `azurerm-arguments.mjs`.
import fs from 'node:fs';
import path from 'node:path';
import { AZURERM_ARGUMENTS } from './azurerm-arguments.mjs';
import { conditionsFor } from './conditions.mjs';

const here = path.dirname(new URL(import.meta.url).pathname);
const facts = process.argv[2];
if (!facts) {
  console.error('usage: reduce.mjs <facts directory>');
  process.exit(2);
}
const read = (...segments) => JSON.parse(fs.readFileSync(path.join(facts, ...segments), 'utf8'));

const isEmpty = (value) => value === undefined || (typeof value === 'object' && Object.keys(value).length === 0);
const compact = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => !isEmpty(value)));
const sorted = (object) => Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
const withoutIndexes = (dotted) =>
  dotted
    .split('.')
    .filter((segment) => !/^\d+$/.test(segment))
    .join('.');

/** `{a: [b]}` (each side may repeat the other) as a list of pairs. */
function pairs(conflictsWith = {}) {
  const seen = new Map();
  for (const [one, others] of Object.entries(conflictsWith)) {
    for (const other of others) {
      const pair = [withoutIndexes(one), withoutIndexes(other)].sort();
      if (pair[0] !== pair[1]) seen.set(pair.join(' '), pair);
    }
  }
  return [...seen.values()];
}

/** The same group in another order says nothing new. */
function groups(lists) {
  if (lists === undefined) return undefined;
  const seen = new Map(lists.map((list) => list.map(withoutIndexes)).map((it) => [[...it].sort().join(' '), it]));
  return [...seen.values()];
}

/** `"0 or 7..30"` as the list of the allowed numbers. */
function allowedNumbers(text) {
  return text.split(' or ').flatMap((part) => {
    const [low, high] = part.split('..').map(Number);
    return high === undefined ? [low] : Array.from({ length: high - low + 1 }, (_, index) => low + index);
  });
}

function reduceType(type, fact, source) {
  const unverified = new Set(fact.enumsUnverifiedPaths ?? []);
  const enums = Object.fromEntries(Object.entries(fact.enums ?? {}).filter(([name]) => !unverified.has(name)));
  for (const [name, text] of Object.entries(fact.allowed ?? {})) enums[name] = allowedNumbers(text);
  return compact({
    forceNew: fact.forceNew,
    conditionalForceNew: conditionsFor(type, fact.conditionalForceNew ?? []),
    computedBump: (fact.computedBump ?? []).filter((name) => name !== 'tags_all'),
    required: fact.required,
    enums,
    ranges: fact.ranges,
    conflicts: [...(fact.conflicts ?? []), ...pairs(fact.conflictsWith)],
    exactlyOneOf: groups(fact.exactlyOneOf),
    atLeastOneOf: fact.atLeastOneOf,
    requiredWith: fact.requiredWith,
    maxItems: fact.maxItems,
    defaults: fact.defaults,
    sensitive: fact.sensitive,
    writeOnly: fact.writeOnly,
    unverified: fact.unverified,
    source: fact.source ?? source,
  });
}

/** sensitive and write-only paths of a block in the shape of `terraform providers schema -json`. */
function marks(block, prefix = '', out = { sensitive: [], writeOnly: [], configurable: [] }) {
  for (const [name, attribute] of Object.entries(block.attributes ?? {})) {
    if (attribute.sensitive) out.sensitive.push(prefix + name);
    if (attribute.write_only) out.writeOnly.push(prefix + name);
    if (attribute.optional || attribute.required) out.configurable.push(prefix + name);
    if (attribute.nested_type) marks(attribute.nested_type, `${prefix + name}.`, out);
  }
  for (const [name, nested] of Object.entries(block.block_types ?? {})) marks(nested.block, `${prefix + name}.`, out);
  return out;
}

function fromBehaviour(name) {
  const document = read('behaviour', `${name}.json`);
  const types = Object.entries(document.types).map(([type, fact]) => [type, reduceType(type, fact, document.read)]);
  const dataSources = Object.entries(document.dataSources ?? {}).map(([type, fact]) => [
    type,
    compact({
      required: [...fact.required, ...fact.requiredInBlocks],
      defaults: fact.defaults,
      sensitive: fact.sensitive,
      source: fact.source,
    }),
  ]);
  return compact({
    provider: document.provider,
    read: document.read,
    types: sorted(Object.fromEntries(types)),
    dataSources: sorted(Object.fromEntries(dataSources)),
  });
}

// What the program and its preconditions are made of; the facts know more.
const AZURERM_TYPES = [
  'application_security_group',
  'bastion_host',
  'dns_a_record',
  'dns_zone',
  'federated_identity_credential',
  'key_vault',
  'key_vault_secret',
  'lb',
  'lb_backend_address_pool',
  'lb_probe',
  'lb_rule',
  'linux_virtual_machine',
  'linux_virtual_machine_scale_set',
  'managed_disk',
  'nat_gateway',
  'nat_gateway_public_ip_association',
  'network_interface',
  'network_interface_application_security_group_association',
  'network_interface_backend_address_pool_association',
  'network_interface_security_group_association',
  'network_security_group',
  'network_security_rule',
  'private_dns_a_record',
  'private_dns_zone',
  'private_dns_zone_virtual_network_link',
  'public_ip',
  'resource_group',
  'role_assignment',
  'storage_account',
  'storage_container',
  'storage_management_policy',
  'subnet',
  'subnet_nat_gateway_association',
  'subnet_network_security_group_association',
  'user_assigned_identity',
  'virtual_machine_data_disk_attachment',
  'virtual_machine_extension',
  'virtual_network',
];

function fromAzurerm() {
  const document = read('behaviour', 'azurerm.json');
  const version = /^v(\d+\.\d+\.\d+)/.exec(document.read)?.[1];
  if (version === undefined) throw new Error(`azurerm: no version in '${document.read}'`);
  const types = AZURERM_TYPES.map((name) => {
    const fact = document.types[`azurerm_${name}`];
    if (fact === undefined) throw new Error(`azurerm_${name}: no facts`);
    const page = `https://registry.terraform.io/providers/hashicorp/azurerm/${version}/docs/resources/${name}`;
    const whole = { ...fact, ...AZURERM_ARGUMENTS[`azurerm_${name}`] };
    return [`azurerm_${name}`, reduceType(`azurerm_${name}`, whole, `schema of ${version}; ${page}`)];
  });
  return { provider: document.provider, read: document.read, types: sorted(Object.fromEntries(types)) };
}

function fromHelm() {
  const document = fromBehaviour('helm');
  const schema = Object.values(read('schemas', 'helm.json').provider_schemas)[0].resource_schemas;
  for (const [type, fact] of Object.entries(document.types)) {
    const { sensitive, writeOnly } = marks(schema[type].block);
    Object.assign(fact, compact({ sensitive, writeOnly }));
  }
  return document;
}

/** A default written in the provider's source: a literal of the argument's type, or a name that can't be resolved here. */
function literal({ type, default: text }) {
  if (type === 'bool') return { true: true, false: false }[text];
  if (type === 'int' || type === 'float') return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
  return /^rancher2|^[a-z]+[A-Z]\w+$/.test(text) ? undefined : text;
}

function fromRancher2() {
  const file = fs.readdirSync(facts).find((name) => /^rancher2-schema-v.*\.json$/.test(name));
  if (!file) throw new Error(`no rancher2-schema-v*.json in '${facts}'`);
  const document = read(file);
  const types = {};
  for (const [type, shape] of Object.entries(document.resources)) {
    if (!type.startsWith('rancher2_')) continue;
    const fact = { forceNew: [], required: [], maxItems: {}, defaults: {}, sensitive: [] };
    const walk = (members, prefix) => {
      for (const [name, member] of Object.entries(members)) {
        const at = prefix + name;
        const flags = new Set(member.flags);
        if (flags.has('ForceNew')) fact.forceNew.push(at);
        if (flags.has('Required')) fact.required.push(at);
        if (flags.has('Sensitive')) fact.sensitive.push(at);
        if (member.maxItems) fact.maxItems[at] = member.maxItems;
        const value = member.default === undefined ? undefined : literal(member);
        if (value !== undefined) fact.defaults[at] = value;
        if (member.elem && typeof member.elem === 'object') walk(member.elem, `${at}.`);
      }
    };
    walk(shape, '');
    types[type] = reduceType(type, fact, document._source);
  }
  return { provider: 'rancher/rancher2', read: file, types: sorted(types) };
}

// Every argument of a random_* resource replaces it, and its defaults are plan-time values:
// https://registry.terraform.io/providers/hashicorp/random/3.7.2/docs
const CHARACTER_CLASSES = { lower: true, upper: true, numeric: true, special: true };
const MINIMA = { min_lower: 0, min_upper: 0, min_numeric: 0, min_special: 0 };
const RANDOM_DEFAULTS = {
  random_password: { ...CHARACTER_CLASSES, number: true, ...MINIMA },
  random_string: { ...CHARACTER_CLASSES, number: true, ...MINIMA },
  random_pet: { length: 2, separator: '-' },
};

function fromRandom() {
  const schemas = Object.values(read('schemas', 'random.json').provider_schemas)[0].resource_schemas;
  const types = Object.entries(schemas).map(([type, { block }]) => {
    const { sensitive, configurable } = marks(block);
    const fact = { forceNew: configurable, sensitive, defaults: RANDOM_DEFAULTS[type] };
    return [type, reduceType(type, fact, 'schemas/random.json and the documentation of hashicorp/random 3.7.2')];
  });
  return { provider: 'hashicorp/random', read: '3.7.2', types: sorted(Object.fromEntries(types)) };
}

const outputs = {
  aws: fromBehaviour('aws'),
  azurerm: fromAzurerm(),
  kubernetes: fromBehaviour('kubernetes'),
  helm: fromHelm(),
  rancher2: fromRancher2(),
  random: fromRandom(),
};
for (const [name, document] of Object.entries(outputs)) {
  fs.writeFileSync(path.join(here, `${name}.json`), `${JSON.stringify(document, null, 1)}\n`);
  console.log(`${name}.json: ${Object.keys(document.types).length} types`);
}
