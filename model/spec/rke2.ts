import { z } from 'zod';
import { rke2Version } from './scalars';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256: 64 hexadecimal digits in lower case');

/** Where machines get RKE2 from, and what it must be. */
export const rke2Spec = z.strictObject({
  artifactUrl: z
    .string()
    .regex(/^https:\/\/[\w.:/-]*[\w-]$/, 'must be an https:// address without a closing slash')
    .default('https://github.com/rancher/rke2/releases/download')
    .describe('Folder that holds a folder for each release; a mirror for sites without a way out'),
  sha256: z
    .record(
      rke2Version,
      z.strictObject({
        amd64: sha256.optional().describe('SHA-256 of rke2.linux-amd64.tar.gz'),
        arm64: sha256.optional().describe('SHA-256 of rke2.linux-arm64.tar.gz'),
      }),
    )
    .default({})
    .describe('Checksums of the archives by version; without one, the list that the release itself publishes counts'),
});
export type Rke2Spec = z.output<typeof rke2Spec>;
