/** A secret that lies in the environment's secret store. It is a reference: nothing here holds the value. */
export interface ISecret {
  /** Name in the store, which machines read by their own identity, such as `/drover/dev/management/join`. */
  readonly name: string;
  /** What a later stack opens it by: the parameter's ARN, the vault secret's id. */
  readonly handle: string;
  /** Region of the store that it lies in. */
  readonly region: string;
}

/** A secret that Terraform makes up. */
export interface GeneratedSecretOptions {
  /** Length in characters; letters and digits only, so that it needs no quoting anywhere. @default 48 */
  readonly length?: number;
  /** Raise it to make a new value. */
  readonly version: number;
}

/** A secret whose value another resource knows. */
export interface StoredSecretOptions {
  /** Expression of the value; it reaches a write-only argument and thereby neither plan nor state. */
  readonly value: string;
  /** Raise it to write the value anew: Terraform can't see that a write-only value has changed. */
  readonly version: number;
}

/** Where the secrets of one cluster lie, values in no state. */
export interface ISecretStore {
  /** A secret that is made up at apply and that nobody knows but its readers. */
  generated(id: string, options: GeneratedSecretOptions): ISecret;
  /**
   * A slot that a machine fills by its own identity. Terraform creates it, so that it is also destroyed, and never
   * writes it again: the version stays.
   */
  published(id: string): ISecret;
  /** A secret whose value is given. */
  stored(id: string, options: StoredSecretOptions): ISecret;
}
