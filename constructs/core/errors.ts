/** Misuse of a construct: what is wrong, the value got, what is allowed. */
export class ConstructError extends Error {
  public constructor(message: string) {
    super(message);
    this.name = 'ConstructError';
  }
}
