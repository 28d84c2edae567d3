import { z } from 'zod';
import { webSpec } from './exposure';
import { keepalivedSpec } from './load-balancer';
import { nodeGroupSpec } from './node-group';
import { labels, rke2Version, slug } from './scalars';
import { serversSpec } from './servers';
import { servicesSpec } from './services';
import { storageSpec } from './storage';

/** A member cluster that Drover raises on machines of its own. */
export const clusterSpec = z.strictObject({
  kind: z.literal('rke2').optional().describe('RKE2 on machines of a site; the same without it'),
  site: slug.describe('The site it stands in'),
  kubernetesVersion: rke2Version.optional().describe('RKE2 version; default: the pinned one'),
  labels: labels.default({}).describe('For placement of applications'),
  servers: serversSpec.describe('Machines that run the control plane and etcd'),
  nodeGroups: z
    .record(slug, nodeGroupSpec)
    .refine(
      (groups) => Object.keys(groups).length > 0,
      'must have at least one node group: servers run no applications',
    )
    .describe('Workers that scale, by name'),
  storage: storageSpec.optional().describe('Files that all nodes share (ReadWriteMany); default: none'),
  web: webSpec.prefault({}).describe('Who may reach 80/443 of the ingress groups'),
  loadBalancer: keepalivedSpec
    .optional()
    .describe('On metal: what passes 80/443 on to the ingress groups, required with one; on clouds the own one does'),
  services: servicesSpec.prefault({}).describe('What every cluster gets by Helm'),
  forgetMachinesAfterSec: z
    .int()
    .min(60)
    .max(86_400)
    .default(600)
    .describe(
      'Seconds that the node of a machine may be gone before Rancher forgets the machine; on metal it never does',
    ),
  registrationVersion: z.int().min(1).default(1).describe('Raise to hand machines a new registration token'),
});
export type ClusterSpec = z.output<typeof clusterSpec>;
