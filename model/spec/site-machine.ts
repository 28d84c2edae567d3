import { z } from 'zod';
import { hooksSpec } from './bootstrap';
import { dockerSpec } from './docker';
import { machineSpec } from './machine';
import { cidr, slug } from './scalars';

/**
 * Folder in which a machine has its data disk. Those that the system itself keeps below /var/lib are left out: mounting
 * would hide them.
 */
const mountPoint = z
  .string()
  .regex(
    /^\/(srv|mnt|var\/lib(?!\/(apt|cloud|dbus|dpkg|drover|rancher|rpm|systemd|waagent|zypp)$))\/[a-z0-9][a-z0-9-]{0,62}$/,
    'must be a folder of /srv, /mnt or /var/lib such as /srv/files, in lower-case letters, digits and hyphens, and none ' +
      "of the system's own",
  )
  .describe('Folder in which the machine has it');

/** Ports of a machine that others may reach. */
const openSpec = z.strictObject({
  port: z.int().min(1).max(65535).describe('Port that they reach'),
  protocol: z.enum(['tcp', 'udp']).default('tcp').describe('Protocol'),
  cidrs: z.array(cidr).min(1).max(30).describe('Networks that may; nodes are in that of their site'),
});
export type OpenSpec = z.output<typeof openSpec>;

/** What machines of a site have in common on every platform. */
const common = {
  hooks: hooksSpec.describe("Scripts of this machine alone, between the environment's own"),
  docker: dockerSpec.optional().describe('Docker, for what runs in containers there; default: none'),
  open: z
    .array(openSpec)
    .max(30)
    .default([])
    .describe('Who may reach it, port by port; default: nobody but the Zabbix that watches it'),
};

/** A machine of a site that is no node of any cluster. */
const cloudMachineSpec = z.strictObject({
  machine: machineSpec.describe('What the machine is made of'),
  zone: z
    .string()
    .regex(/^[a-f1-3]$/, 'must be a zone of the site: a letter on AWS, a number on Azure')
    .optional()
    .describe('Zone of the site that it stands in; decided once; default: the first'),
  dataDisk: z
    .strictObject({
      GiB: z.int().min(20).max(16384).describe('Size in GiB; only grows'),
      mountPoint,
    })
    .optional()
    .describe('Disk of its own, encrypted, which survives the machine; default: none'),
  ...common,
  renew: z
    .int()
    .min(1)
    .optional()
    .describe('Raise the number to replace the machine with the present image, type and bundle; disk and address stay'),
  address: z
    .ipv4('must be an IPv4 address')
    .optional()
    .describe('Fixed private address, only where the derived one collides'),
});
export type CloudMachineSpec = z.output<typeof cloudMachineSpec>;

/** A host of a site on metal that is in no cluster. */
export const metalMachineSpec = z.strictObject({
  host: slug.describe('Host of the site; it is in no cluster'),
  dataDisk: z
    .strictObject({ mountPoint })
    .optional()
    .describe('Where its disk for data is mounted; default: it is left alone'),
  ...common,
});
export type MetalMachineSpec = z.output<typeof metalMachineSpec>;

const machines = 'Machines that are no nodes of any cluster (databases, file servers), by name';

/** Machines of a site of a cloud. */
export const cloudMachines = z.record(slug, cloudMachineSpec).default({}).describe(machines);

/** Hosts of a site on metal that are in no cluster. */
export const metalMachines = z.record(slug, metalMachineSpec).default({}).describe(machines);
