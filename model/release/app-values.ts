import { z } from 'zod';

const path = z.string().regex(/^\/[\w./-]*$/, 'must be a path such as /healthz');
const quantities = z.record(z.string(), z.union([z.string(), z.number()]));

/** Values of the house chart that an application may set by itself; the rest has a place of its own in the spec. */
export const appValuesSpec = z.strictObject({
  args: z.array(z.string()).optional().describe("Command-line arguments; default: the image's own"),
  env: z
    .record(
      z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be a variable name'),
      z.union([z.string(), z.number(), z.boolean()]),
    )
    .optional()
    .describe('Plain variables; secrets go to "secrets"'),
  probes: z
    .strictObject({
      livenessPath: path.optional(),
      readinessPath: path.optional(),
      startupSeconds: z.int().min(5).max(1800).optional().describe('Seconds that a first start may take'),
    })
    .optional(),
  resources: z.strictObject({ requests: quantities.optional(), limits: quantities.optional() }).optional(),
  network: z
    .strictObject({ allowedNamespaces: z.array(z.string()).optional() })
    .optional()
    .describe('Namespaces whose pods may reach the port'),
  runAsUser: z.int().min(1).optional().describe('User that the container runs as; never root'),
  terminationGracePeriodSeconds: z.int().min(1).max(3600).optional(),
});
