import { z } from 'zod';
import { sshHostKey } from './scalars';

/** Name or address of an SSH server. */
const sshHost = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$/, 'must be a host name or an address');

const port = z.int().min(1).max(65535).default(22);

/** How the hosts of a site are reached. It holds no key: those stay in the deployer's agent. */
export const sshSpec = z.strictObject({
  user: z
    .string()
    .regex(/^[a-z_][a-z0-9_-]{0,31}$/, 'must be a user of Linux: lower-case letters, digits, "-" and "_"')
    .default('drover')
    .describe('User on the hosts; it may become root by sudo without a password'),
  port: port.describe('Port of the hosts'),
  bastion: z
    .strictObject({
      host: sshHost.describe('Name or address'),
      port: port.describe('Port'),
      user: z
        .string()
        .regex(/^[a-z_][a-z0-9_-]{0,31}$/, 'must be a user of Linux: lower-case letters, digits, "-" and "_"')
        .optional()
        .describe('User on it; default: the same as on the hosts'),
      hostKey: sshHostKey.describe(
        'Its public key, or that of the SSH certificate authority that signed it, which is that of the hosts too',
      ),
    })
    .optional()
    .describe('A host through which the others are reached; default: straight to each'),
});
export type SshSpec = z.output<typeof sshSpec>;
