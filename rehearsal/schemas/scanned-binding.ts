/** A member of a configuration interface: what a program may write. */
export interface ConfigMember {
  readonly optional: boolean;
  /** True for a block, false for an attribute. The generator tells them apart only in the text above a member. */
  readonly block: boolean;
}

/** How a value is turned into HCL; the most exact record of its type. */
export interface MappedValue {
  /** Mapper expression without its argument, such as `cdktf.listMapperHcl(cdktf.stringToHclTerraform, false)`. */
  readonly mapper: string;
  /** `simple`, `list`, `set`, `map` or `struct`. */
  readonly kind: string;
  /** True if an omitted value becomes null: the generator's mark of an attribute that is written like a block. */
  readonly nullWhenOmitted: boolean;
}

/** An attribute of a class: flags by the comment above it, type by its field or getter. */
export interface DeclaredAttribute {
  readonly computed: boolean;
  readonly optional: boolean;
  readonly required: boolean;
  /** Class of the field that holds it, if it has one. */
  readonly storedClass?: string;
  /** True if that field is told to wrap a set. */
  readonly wrapsSet?: boolean;
  /** Expression that the getter returns. */
  readonly getter?: string;
}

/** A class of a binding: the resource itself, a reference to a struct, or a collection of such. */
export interface ScannedClass {
  /** Name of the base class within cdktf, such as `TerraformResource` or `ComplexList`. */
  readonly base: string;
  /** Attributes by Terraform name. */
  readonly attributes: Map<string, DeclaredAttribute>;
  /** Mapped values by Terraform name; only resources, data sources and providers have them. */
  readonly mapped: Map<string, MappedValue>;
  /** Interface of its arguments, if it is a resource, data source or provider. */
  config?: string;
  /** Class that `get()` returns, if the class is a collection. */
  member?: string;
  /** True if the members are sets. */
  membersAreSets?: boolean;
}

/** Everything of a binding's source that tells something about its schema. */
export interface ScannedBinding {
  /** Members of the configuration interfaces by interface, then by Terraform name. */
  readonly interfaces: Map<string, Map<string, ConfigMember>>;
  /** Mapped values by the mapper's name without `ToHclTerraform`, then by Terraform name. */
  readonly mappers: Map<string, Map<string, MappedValue>>;
  readonly classes: Map<string, ScannedClass>;
  /** Name of the one resource, data source or provider class. */
  main?: string;
}
