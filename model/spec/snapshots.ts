import { z } from 'zod';
import { secretRefSpec, secretSchemas } from '../secret-ref';
import { bucketName } from './scalars';

/** A store of one's own for snapshots of etcd. RKE2 itself takes them there, by the protocol of S3. */
export const snapshotsSpec = z.strictObject({
  endpoint: z
    .string()
    .regex(
      /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[1-9]\d{0,4})?$/,
      'must be host or host:port, without a scheme and a path: RKE2 always speaks https with it',
    )
    .describe('Host and port of the store, such as s3.example.com:9000; reached by https alone'),
  bucket: bucketName.describe('Bucket of the snapshots; exists before the first deploy'),
  region: z
    .string()
    .regex(/^[a-z0-9-]{1,63}$/, 'must be at most 63 lower-case letters, digits and hyphens')
    .default('us-east-1')
    .describe('Region that requests are signed for'),
  accessKey: secretRefSpec.describe(
    'The access key: a key of a secret in Vault (vault:mount/path#key) on metal, a secret (keyvault:name) on Azure',
  ),
  secretKey: secretRefSpec.describe('The secret key that belongs to it, in the same kind of store'),
  ca: z
    .string()
    .regex(
      /^(-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+\n-----END CERTIFICATE-----\n*)+$/,
      'must be certificates in PEM and nothing else: -----BEGIN CERTIFICATE----- ...',
    )
    // Somebody may have pasted the private key along.
    .register(secretSchemas)
    .optional()
    .describe("Private CA of the endpoint, as PEM; default: the machines' own trust"),
});
export type SnapshotsSpec = z.output<typeof snapshotsSpec>;
