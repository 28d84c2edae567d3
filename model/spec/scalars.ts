import { z } from 'zod';

/** A short name of ours: it becomes part of addresses, DNS labels and physical names. */
export const slug = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'lower-case letters, digits and single hyphens, starting with a letter')
  .max(24, 'at most 24 characters, so that names made of several of them stay within the limits of the platforms');

/** A fully qualified DNS name without the closing dot. */
export const hostname = z
  .string()
  .max(253, 'at most 253 characters (RFC 1035)')
  .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, 'a fully qualified DNS name in lower case');

/** An IPv4 network in CIDR form. */
export const cidr = z.cidrv4('an IPv4 network such as 10.20.0.0/16');

/** A five-field cron expression. */
export const cron = z
  .string()
  .regex(/^\S+( \S+){4}$/, 'five fields: minute, hour, day of month, month, day of week, such as "0 */6 * * *"');

/** Kubernetes label values, also used for placement. */
export const labels = z.record(
  z.string().regex(/^([a-z0-9.-]+\/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/, 'a Kubernetes label key'),
  z.string().regex(/^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/, 'a Kubernetes label value'),
);
