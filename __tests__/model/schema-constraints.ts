import type { z } from 'zod';
import type { JsonSchema } from '../../model/json-schema';

/** One thing that a schema demands. */
export interface Constraint {
  /** Path with '_' for keys and indexes that a person chooses, then the name of the demand. */
  readonly id: string;
  readonly path: readonly string[];
  readonly kind: string;
  readonly schema: JsonSchema;
}

const BOUNDS = ['pattern', 'minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems'] as const;

/** Everything that a JSON Schema demands. Maps that occur several times with the same fields count once. */
export function constraintsOf(root: JsonSchema): Constraint[] {
  const seen = new Set<string>();

  function visit(schema: JsonSchema, path: readonly string[]): Constraint[] {
    const demand = (kind: string, at: readonly string[] = path): Constraint => ({
      id: [...at, kind].join('.'),
      path: at,
      kind,
      schema,
    });
    if (schema.oneOf !== undefined) {
      return [demand('choice'), ...schema.oneOf.flatMap((choice) => visitChoice(asSchema(choice), path))];
    }
    if (schema.anyOf !== undefined) {
      const [first, ...others] = schema.anyOf.map(asSchema);
      return [...visit(first ?? {}, path), ...others.flatMap((form) => visitForm(form, first ?? {}, path))];
    }
    const own = schema.enum === undefined ? [demand('type')] : [demand('enum')];
    own.push(...BOUNDS.filter((bound) => schema[bound] !== undefined).map((bound) => demand(bound)));
    return [...own, ...fieldsOf(schema, path, demand), ...entriesOf(schema, path), ...itemsOf(schema, path)];
  }

  function visitChoice(choice: JsonSchema, path: readonly string[]): Constraint[] {
    const [tag, constant] =
      Object.entries(choice.properties ?? {}).find(([, field]) => asSchema(field).const !== undefined) ?? [];
    if (tag === undefined) throw new Error(`no tag tells the choices of ${path.join('.')}`);
    const properties = Object.fromEntries(Object.entries(choice.properties ?? {}).filter(([name]) => name !== tag));
    const required = (choice.required ?? []).filter((name) => name !== tag);
    // The choice that is meant without a tag has the path of the union.
    const own = choice.required?.includes(tag) === true ? [...path, String(asSchema(constant).const)] : path;
    // What tells one choice from another is the demand 'choice' of the union.
    return visit({ ...choice, properties, required }, own).filter(
      ({ kind, path: at }) => kind !== 'type' || at.length > own.length,
    );
  }

  /** A further form of a map, told by the one field that it must have and the first form has not. */
  function visitForm(form: JsonSchema, first: JsonSchema, path: readonly string[]): Constraint[] {
    const tag = form.required?.find((name) => !(name in (first.properties ?? {})));
    if (tag === undefined) throw new Error(`no field tells the forms of ${path.join('.')}`);
    const required = (form.required ?? []).filter((name) => name !== tag);
    return visit({ ...form, required }, [...path, `with-${tag}`]).filter(
      ({ kind, path: at }) => kind !== 'type' || at.length > path.length + 1,
    );
  }

  function fieldsOf(
    schema: JsonSchema,
    path: readonly string[],
    demand: (kind: string, at?: readonly string[]) => Constraint,
  ): Constraint[] {
    if (schema.properties === undefined) return [];
    const content = JSON.stringify(schema.properties);
    if (seen.has(content) && content !== '{}') return [];
    seen.add(content);
    return [
      demand('unknown'),
      ...(schema.required ?? []).map((name) => demand('required', [...path, name])),
      ...inOrder(schema.properties).flatMap(([name, field]) => visit(asSchema(field), [...path, name])),
    ];
  }

  function entriesOf(schema: JsonSchema, path: readonly string[]): Constraint[] {
    if (typeof schema.additionalProperties !== 'object') return [];
    const keys = visit(asSchema(schema.propertyNames), [...path, 'keys']).filter(({ kind }) => kind !== 'type');
    return [...keys, ...visit(schema.additionalProperties, [...path, '_'])];
  }

  function itemsOf(schema: JsonSchema, path: readonly string[]): Constraint[] {
    return schema.items === undefined || Array.isArray(schema.items)
      ? []
      : visit(asSchema(schema.items), [...path, '_']);
  }

  return visit(root, []);
}

/** Sites come last: what their machines share with those of clusters counts as the clusters'. */
function inOrder<T>(properties: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(properties).sort(([a], [b]) => Number(a === 'sites') - Number(b === 'sites'));
}

function asSchema(node: z.core.JSONSchema._JSONSchema | undefined): JsonSchema {
  return typeof node === 'object' ? node : {};
}
