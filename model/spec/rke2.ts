import { z } from 'zod';
import { rke2Version, sha256 } from './scalars';

/** Folder of RKE2's own releases. */
export const RKE2_RELEASES = 'https://github.com/rancher/rke2/releases/download';

/**
 * Where the servers of the management cluster get RKE2 from, and what it must be. Machines of members get theirs
 * through Rancher's system-agent, from the artefacts that Rancher names.
 */
export const rke2Spec = z.strictObject({
  artifactUrl: z
    .string()
    .regex(/^https:\/\/[\w.:/-]*[\w-]$/, 'must be an https:// address without a closing slash')
    .default(RKE2_RELEASES)
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
