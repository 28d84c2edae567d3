/** A secret that lies in the environment's secret store. It is a reference: nothing here holds the value. */
export interface ISecret {
  /** Name in the store, which machines read by their own identity, such as `/drover/dev/management/join`. */
  readonly name: string;
  /** What a later stack opens it by: the parameter's ARN, the vault secret's id. */
  readonly handle: string;
  /** Region of the store that it lies in. */
  readonly region: string;
}
