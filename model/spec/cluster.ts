import { z } from 'zod';
import { nodeGroupSpec } from './node-group';
import { labels, slug } from './scalars';
import { serversSpec } from './servers';
import { servicesSpec } from './services';

/** A Rancher-managed member cluster. */
export const clusterSpec = z.strictObject({
  site: slug.describe('The site it stands in'),
  kubernetesVersion: z.string().optional().describe('RKE2 version such as v1.35.7+rke2r1; default: the pinned one'),
  labels: labels.default({}).describe('For placement of applications'),
  servers: serversSpec,
  nodeGroups: z
    .record(slug, nodeGroupSpec)
    .refine((groups) => Object.keys(groups).length > 0, 'at least one node group: servers run no applications'),
  services: servicesSpec.prefault({}),
  registrationVersion: z.int().min(1).default(1).describe('Raise to hand machines a new registration token'),
});
export type ClusterSpec = z.output<typeof clusterSpec>;
