/** The bootstrap scripts of an environment's site, stored where its machines can fetch them by their own identity. */
export interface IBootstrapBundle {
  /** HTTPS address of exactly this version of the bundle. */
  readonly url: string;
  /** SHA-256 of the archive, lower-case hex. */
  readonly sha256: string;
  /** Identifier that a role's policy names to read it (an ARN on AWS). */
  readonly resource: string;
}
