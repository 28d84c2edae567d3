import { z } from 'zod';
import { repositoryCertificates } from './scalars';

/** Where an engine or a login method of Vault is mounted. */
const mount = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,63}$/, 'must be the path of a mount: at most 63 letters, digits, "-", "_" and "."');

/** A Vault that exists before, and not in this fleet: a cluster can't keep the secrets that it is raised with. */
export const vaultSpec = z.strictObject({
  kind: z.literal('vault').describe('A HashiCorp Vault that exists before; on metal alone'),
  address: z
    .string()
    .regex(/^https:\/\/[\w.-]+(:\d{1,5})?$/, 'must be https://host or https://host:port without a closing slash')
    .describe('Address of Vault, as deployers and hosts reach it'),
  mount: mount.default('drover').describe('Key-value engine, version 2; exists before the first deploy'),
  approleMount: mount.default('approle').describe('Login method AppRole, by which hosts log in; exists before'),
  namespace: z
    .string()
    .regex(/^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/, 'must be a namespace such as team/platform')
    .optional()
    .describe('Namespace; default: none'),
  caFile: repositoryCertificates
    .optional()
    .describe("Certificates (PEM) that its own is trusted by; default: the system's"),
});
export type VaultSpec = z.output<typeof vaultSpec>;
