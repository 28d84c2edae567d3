/** How the members of a collection or of a nested block are kept. */
export type CollectionKind = 'list' | 'set' | 'map';

/** A Terraform type in the JSON notation of `terraform providers schema -json`. */
export type AttributeType =
  | 'string'
  | 'number'
  | 'bool'
  | 'dynamic'
  | readonly [CollectionKind, AttributeType]
  | readonly ['object', { readonly [member: string]: AttributeType }];

/** The attributes of a nested attribute, each with flags of its own. */
export interface NestedType {
  readonly nesting_mode: 'single' | CollectionKind;
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** One attribute: either `type` or `nested_type` is present; absent flags are false. */
export interface Attribute {
  readonly type?: AttributeType;
  readonly nested_type?: NestedType;
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly sensitive?: boolean;
  readonly write_only?: boolean;
}

/** A block within a block; counts are absent where Terraform knows no limit. */
export interface NestedBlock {
  readonly nesting_mode: 'single' | CollectionKind;
  readonly block: Block;
  readonly min_items?: number;
  readonly max_items?: number;
}

/** Attributes and nested blocks by name. */
export interface Block {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly block_types?: Readonly<Record<string, NestedBlock>>;
}

/** The schema of one resource, data source, ephemeral resource or provider configuration. */
export interface Schema {
  /** Version of the state's form. Bindings do not know it: extracted schemas have 0. */
  readonly version: number;
  readonly block: Block;
}

/** What one simulated provider is told about itself; written as `schemas/<name>.json`. */
export interface ProviderSchema {
  /** Source address as the stacks require it, such as `hashicorp/aws` or `aws`. */
  readonly source: string;
  /** Exact version, such as `6.25.0`. */
  readonly version: string;
  readonly provider: Schema;
  readonly resource_schemas: Readonly<Record<string, Schema>>;
  readonly data_source_schemas: Readonly<Record<string, Schema>>;
  readonly ephemeral_resource_schemas: Readonly<Record<string, Schema>>;
}
