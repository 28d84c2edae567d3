import { z } from 'zod';
import { refusedKeys } from '../refused-keys';
import { SecretRef, secretRefSpec } from '../secret-ref';
import { allowedCidrs } from './exposure';
import { labels, repositoryCertificates, slug } from './scalars';
import { servicesSpec } from './services';

/** Where clusters of others stand: it is their identity's `cloud`, which applications choose values by. */
const cloud = z.enum([
  'aws',
  'azure',
  'google',
  'alibaba',
  'tencent',
  'huawei',
  'oracle',
  'ibm',
  'digitalocean',
  'hetzner',
  'ovh',
  'scaleway',
  'openstack',
  'vmware',
  'metal',
]);

/** Certificates are public, so a message may repeat them; a reference is parsed, a path stays text. */
const certificates = z
  .string()
  .refine((text) => secretRefSpec.safeParse(text).success || repositoryCertificates.safeParse(text).success, {
    error: "must be a secret reference such as 'ssm:/path', or the path of a file in this repository, .pem or .crt",
    abort: true,
  })
  .transform((text) => (repositoryCertificates.safeParse(text).success ? text : SecretRef.parse(text)));

/** How the API of a cluster is reached once, to release Rancher's agent there. */
const apiSpec = z.strictObject({
  endpoint: z
    .string()
    .regex(/^https:\/\/[\w.-]+(:\d{1,5})?$/, 'must be https://host or https://host:port without a closing slash')
    .describe('Address of the API server, as deployers reach it'),
  token: secretRefSpec.describe(
    'Secret reference: the token of a service account that is cluster administrator there; in the store before',
  ),
  ca: certificates
    .optional()
    .describe("Certificates (PEM) of the API server's CA: a secret or a file; default: it is publicly trusted"),
});

/** How web traffic enters an imported cluster. */
const importedWebSpec = z.strictObject({
  entry: z
    .enum(['loadBalancer', 'nodes'])
    .default('loadBalancer')
    .describe('A load balancer that the cloud of the cluster makes, or 80/443 of every node'),
  allowedCidrs: allowedCidrs.describe('Networks that may use the load balancer, 0.0.0.0/0 for everybody'),
  annotations: z
    .record(z.string().min(1), z.string())
    .default({})
    .describe(
      'What that cloud has to know of the load balancer, such as that it is internal: annotations of its service',
    ),
});
export type ImportedWebSpec = z.output<typeof importedWebSpec>;

/** A hosted or existing cluster that others made: Rancher manages it, Drover brings services and applications. */
export const importedSpec = z
  .strictObject({
    kind: z.literal('imported').describe('A cluster that others made, hosted or not'),
    cloud: cloud.describe('Where it stands, as applications choose values by'),
    region: slug.describe('Region or place, as applications choose values by'),
    api: apiSpec.describe("How its API is reached to release Rancher's agent; later stacks go through Rancher"),
    egressCidrs: allowedCidrs.describe('Networks from which its agent reaches the world: they are let into Rancher'),
    labels: labels.default({}).describe('For placement of applications'),
    web: importedWebSpec.prefault({}).describe('How web traffic enters; takes effect with the service ingress'),
    services: servicesSpec
      .prefault({})
      .describe('What every cluster gets by Helm; volumes are the storage class of its own'),
    registrationVersion: z.int().min(1).default(1).describe('Raise to hand the agent a new registration token'),
  })
  .register(refusedKeys, {
    refused: {
      site: 'must be left out: an imported cluster stands where others made it, say "cloud" and "region"',
      kubernetesVersion: 'must be left out: whoever made an imported cluster decides its version',
      servers: 'must be left out: an imported cluster has servers already',
      nodeGroups: 'must be left out: an imported cluster has machines already and scales them itself',
      loadBalancer: 'must be left out: how web traffic enters an imported cluster is said by "web"',
      storage: 'must be left out: an imported cluster has storage classes of its own',
      backup: 'must be left out: whoever runs an imported cluster saves its etcd',
      forgetMachinesAfterSec: 'must be left out: machines of an imported cluster do not register with Rancher',
    },
  });
export type ImportedSpec = z.output<typeof importedSpec>;
