/** Misuse of a construct: what is wrong, the value got, what is allowed. */
export class ConstructError extends Error {
  public constructor(message: string) {
    super(message);
    this.name = 'ConstructError';
  }
}

export const noSuchFile = (path: string): ConstructError =>
  new ConstructError(`no file '${path}' in this repository; add it, or name another`);

export const noCertificates = (path: string): ConstructError =>
  new ConstructError(`'${path}' holds no certificate; give it certificates in PEM`);
