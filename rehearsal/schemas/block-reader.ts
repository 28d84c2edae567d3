import { attributeTypeUnknown, bindingTooDeep } from './errors';
import type { Attribute, AttributeType, Block, NestedBlock } from './provider-schema';
import type { ConfigMember, DeclaredAttribute, MappedValue, ScannedBinding } from './scanned-binding';
import { mappedShape, readShape, type ValueShape } from './value-shape';

/** The deepest blocks of the AWS provider nest 13 levels (aws_bedrockagent_flow); Terraform itself knows no limit. */
const MAX_DEPTH = 25;

/** Bindings have no flag for write-only arguments, but every provider names them so; their members are, too. */
const WRITE_ONLY_NAME = /_wo$/;

/** Everything that the binding says about the members of one struct, or of the resource itself, by Terraform name. */
export interface BindingMembers {
  readonly config?: Map<string, ConfigMember> | undefined;
  readonly mapped?: Map<string, MappedValue> | undefined;
  readonly declared?: Map<string, DeclaredAttribute> | undefined;
}

/** A block as it is read: its attributes are always there. */
export interface ExtractedBlock extends Block {
  readonly attributes: Readonly<Record<string, Attribute>>;
}

type Flags = Pick<DeclaredAttribute, 'computed' | 'optional' | 'required'>;
type StructShape = Extract<ValueShape, { struct: string }>;

/** Puts the scanned parts of a binding together to the block of its schema. */
export class BlockReader {
  /** @param resource true for a resource: only these have write-only arguments */
  public constructor(
    private readonly binding: ScannedBinding,
    private readonly resource: boolean,
  ) {}

  /**
   * @param path where the members are, for messages
   * @throws if a type can't be read, or if structs refer to themselves
   */
  public read(members: BindingMembers, path: readonly string[]): ExtractedBlock {
    if (path.length > MAX_DEPTH) throw bindingTooDeep(path.slice(0, 5).join('.'), MAX_DEPTH);
    const attributes: Record<string, Attribute> = {};
    const blocks: Record<string, NestedBlock> = {};
    const { config, mapped, declared } = members;
    for (const name of new Set([config, mapped, declared].flatMap((map) => [...(map?.keys() ?? [])]))) {
      const where = [...path, name];
      const shape = this.shapeOf(mapped?.get(name), declared?.get(name), where);
      const flags = flagsOf(declared?.get(name), config?.get(name));
      const writeOnly = this.resource && !flags.computed && where.some((part) => WRITE_ONLY_NAME.test(part));
      if ('type' in shape) attributes[name] = { type: shape.type, ...present(flags, writeOnly) };
      else if (config?.get(name)?.block === true) {
        blocks[name] = this.nestedBlock(shape, flags, mapped?.get(name)?.kind, where);
      } else attributes[name] = { ...this.structAttribute(shape, flags, where), ...present(flags, writeOnly) };
    }
    return { attributes, ...(Object.keys(blocks).length > 0 ? { block_types: blocks } : {}) };
  }

  private shapeOf(
    mapped: MappedValue | undefined,
    declared: DeclaredAttribute | undefined,
    where: string[],
  ): ValueShape {
    const shape = mapped !== undefined ? mappedShape(mapped) : declared && readShape(declared, this.binding);
    if (shape !== undefined) return shape;
    throw attributeTypeUnknown(where.join('.'), mapped?.mapper ?? declared?.storedClass ?? declared?.getter ?? '');
  }

  private struct(name: string, where: readonly string[]): ExtractedBlock {
    const members = {
      config: this.binding.interfaces.get(name),
      mapped: this.binding.mappers.get(lowerFirst(name)),
      declared: this.binding.classes.get(`${name}OutputReference`)?.attributes,
    };
    return this.read(members, where);
  }

  private nestedBlock(
    { struct, collections }: StructShape,
    { required }: Flags,
    kind: string | undefined,
    where: readonly string[],
  ): NestedBlock {
    const block = this.struct(struct, where);
    if (kind !== 'list' && kind !== 'set') return { nesting_mode: collections[0] ?? 'single', block };
    // Terraform allows no value of any type within a set; the generator makes such by leaving out deep trees.
    const nestingMode = kind === 'set' && holdsDynamic(block) ? 'list' : kind;
    return {
      nesting_mode: nestingMode,
      block,
      ...(required ? { min_items: 1 } : {}),
      // A list that is mapped as one struct is a list of at most one.
      ...(collections.length === 0 ? { max_items: 1 } : {}),
    };
  }

  /** An attribute with members: of an object type, or nested with flags of its own for each member. */
  private structAttribute(
    { struct, collections }: StructShape,
    flags: Flags,
    where: readonly string[],
  ): Pick<Attribute, 'type' | 'nested_type'> {
    const { attributes } = this.struct(struct, where);
    const object = objectMembers(attributes);
    if (object !== undefined && (collections.length > 1 || this.isObject(struct, attributes, flags))) {
      return { type: collections.reduceRight<AttributeType>((type, kind) => [kind, type], ['object', object]) };
    }
    return { nested_type: { nesting_mode: collections[0] ?? 'single', attributes } };
  }

  /**
   * Members of an object have no flags: the generator gives them their parent's. That alone fits a nested attribute
   * with equal members as well; only a read-only one, or one written like a block, is then taken for an object.
   */
  private isObject(struct: string, attributes: Readonly<Record<string, Attribute>>, flags: Flags): boolean {
    const members = Object.values(attributes);
    const alike = members.every(
      (member) =>
        (member.computed === true) === flags.computed &&
        (member.optional === true) === flags.optional &&
        (member.required === true) === flags.required,
    );
    const mapped = [...(this.binding.mappers.get(lowerFirst(struct))?.values() ?? [])];
    const writtenLikeBlock = mapped.some(({ nullWhenOmitted }) => nullWhenOmitted);
    return members.length > 0 && alike && (writtenLikeBlock || (flags.computed && !flags.optional));
  }
}

/** Struct members without an interface are read-only; without a class they are only written. */
function flagsOf(declared: DeclaredAttribute | undefined, config: ConfigMember | undefined): Flags {
  if (declared !== undefined) return declared;
  return { computed: false, optional: config?.optional !== false, required: config?.optional === false };
}

function present({ required, optional, computed }: Flags, writeOnly: boolean): Omit<Attribute, 'type' | 'nested_type'> {
  return {
    ...(required ? { required } : {}),
    ...(optional ? { optional } : {}),
    ...(computed ? { computed } : {}),
    ...(writeOnly ? { write_only: true } : {}),
  };
}

/** @returns undefined if a member is nested itself, so that no object type can say it */
function objectMembers(
  attributes: Readonly<Record<string, Attribute>>,
): Readonly<Record<string, AttributeType>> | undefined {
  const members: Record<string, AttributeType> = {};
  for (const [name, { type }] of Object.entries(attributes)) {
    if (type === undefined) return undefined;
    members[name] = type;
  }
  return members;
}

function holdsDynamic(block: Block): boolean {
  return JSON.stringify(block).includes('"dynamic"');
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
