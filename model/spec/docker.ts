import { z } from 'zod';
import { packageRepository, packageVersion } from './packages';

/** Docker beside the cluster's own containers: for build nodes, and what is not in Kubernetes yet. */
export const dockerSpec = z.strictObject({
  version: packageVersion.describe('Version of the package, pinned'),
  repository: packageRepository
    .optional()
    .describe("Where docker-ce comes from; default: the distribution's own package, whose archive drops old versions"),
});
export type DockerSpec = z.output<typeof dockerSpec>;
