/** A name in the environment's zone. */
export interface IDnsRecord {
  /** Fully qualified name without the closing dot. */
  readonly name: string;
}
