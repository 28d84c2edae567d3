import { z } from 'zod';
import { sha256 } from './scalars';

/** The version of a package, as the distribution's package manager writes it. */
export const packageVersion = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9.+:~-]*$/,
    'must be the version of a package, as the package manager writes it, such as 5:28.3.2-1~ubuntu.24.04~noble',
  );

/** A source of packages beside the distribution's own, trusted by one pinned key. */
export const packageRepository = z.strictObject({
  source: z
    .string()
    .regex(
      /^https:\/\/[\w.~:/-]+( [\w./-]+)*$/,
      'must be "https://host/path suite component" for apt, or an https:// address for zypper',
    )
    .describe('Address, and for apt the suite and the components'),
  keyUrl: z
    .string()
    .regex(/^https:\/\/[\w.~:/-]+$/, 'must be an https:// address')
    .describe('Address of the key that signs it'),
  keySha256: sha256.describe('SHA-256 of that key'),
});
export type PackageRepository = z.output<typeof packageRepository>;
