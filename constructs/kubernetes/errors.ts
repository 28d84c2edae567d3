import { ConstructError } from '../core/errors';

/** @see https://github.com/helm/helm/blob/v3.19.0/pkg/chartutil/validate_name.go */
export const releaseName = (got: string): ConstructError =>
  new ConstructError(`release name '${got}' is not allowed; give at most 53 lower-case letters, digits and hyphens`);

export const noSecretKeys = (secret: string): ConstructError =>
  new ConstructError(`secret '${secret}' has no keys; give at least one, or leave the secret out`);

export const secretVersion = (secret: string, got: number): ConstructError =>
  new ConstructError(`version (${got}) of secret '${secret}' is not allowed; give a whole number from 1 upwards`);

export const globalInOverlay = (release: string): ConstructError =>
  new ConstructError(
    `the overlay of release '${release}' has the key 'global'; leave it out, every release gets its identity there`,
  );
