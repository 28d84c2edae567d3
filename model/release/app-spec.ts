import { z } from 'zod';
import { FREE_NAMESPACE, isFreeNamespace } from '../namespaces';
import { secretRefSpec } from '../secret-ref';
import { labels, slug } from '../spec/scalars';
import { appValuesSpec } from './app-values';
import { contextSpec } from './context';

const tag = z
  .string()
  .regex(/^[\w][\w.-]{0,127}$/, 'must be an image tag')
  .refine((text) => text !== 'latest', 'must be one version: "latest" names another image every day');
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be a digest: sha256: and 64 hex digits');

const scaling = z.strictObject({
  min: z.int().min(1).describe('Fewest pods'),
  max: z.int().min(1).describe('Most pods'),
  cpuPercent: z.int().min(1).max(100).describe('Share of the requested CPU that the autoscaler aims at, in percent'),
});

const secrets = z
  .record(
    z.string().regex(/^[A-Z_][A-Z0-9_]*$/, 'must be a variable name in upper case'),
    secretRefSpec.refine(
      (ref) => ref.kind !== 'env',
      "must be an 'ssm:/path', 'keyvault:name' or 'vault:mount/path#key' reference: the others have no reader",
    ),
  )
  .describe('Variables of the container by the place where their values lie');

/** What an application says differently for some of its clusters. */
const override = z.strictObject({
  when: contextSpec.describe('Where it applies; of several that set one value the most specific wins'),
  image: z.strictObject({ tag: tag.optional(), digest: digest.optional() }).optional(),
  scaling: scaling.partial().optional(),
  values: appValuesSpec.optional(),
  secrets: secrets.optional(),
  secretVersion: z.int().min(1).optional(),
});
export type AppOverride = z.output<typeof override>;

/** One application: what it is, where it goes, and what is different where. */
export const appSpec = z.strictObject({
  name: slug.refine(isFreeNamespace, FREE_NAMESPACE).describe('Name of the application, its release and its namespace'),
  team: slug.describe('Team that owns it'),
  image: z
    .strictObject({ repository: z.string().min(1), tag: tag.optional(), digest: digest.optional() })
    .refine((image) => image.tag !== undefined || image.digest !== undefined, 'must have a tag or a digest'),
  port: z.int().min(1024).max(65535).default(8080).describe('Port that the container listens on'),
  placement: z
    .strictObject({
      environments: z.array(slug).min(1).optional().describe('Names of environments; default: all'),
      clusters: z.array(slug).min(1).optional().describe('Names of clusters'),
      labels: labels.optional().describe('Labels that a cluster must have, every one of them'),
    })
    .refine(
      ({ clusters, labels: wanted }) => clusters !== undefined || Object.keys(wanted ?? {}).length > 0,
      'must name clusters or labels',
    )
    .describe('Clusters that it goes to: those that satisfy everything that is given'),
  ingress: z
    .strictObject({
      name: slug.describe("First label of the host name: <name>.<cluster>.<domain of the cluster's site>"),
      path: z.string().startsWith('/', 'must start with "/"').default('/'),
    })
    .optional()
    .describe('Public name; default: none'),
  scaling: scaling.prefault({ min: 2, max: 4, cpuPercent: 70 }),
  values: appValuesSpec.prefault({}),
  secrets: secrets.default({}),
  secretVersion: z.int().min(1).default(1).describe('Raise when the value of a secret has changed'),
  overrides: z.array(override).default([]),
});
export type AppSpec = z.output<typeof appSpec>;
