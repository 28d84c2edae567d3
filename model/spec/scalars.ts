import { z } from 'zod';
import { wrongCron } from './cron';

/** A short name of ours: it becomes part of addresses, DNS labels and physical names. */
export const slug = z
  .string()
  .regex(
    /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
    'must be lower-case letters, digits and single hyphens, starting with a letter',
  )
  .max(
    24,
    'must have at most 24 characters: names made of several of them have to stay within the limits of platforms',
  );

/** A fully qualified DNS name without the closing dot. */
export const hostname = z
  .string()
  .max(253, 'must have at most 253 characters (RFC 1035)')
  .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, 'must be a fully qualified DNS name in lower case');

/** An AWS region. */
export const awsRegion = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS region such as eu-west-1');

/** An Azure location. */
export const azureLocation = z.string().regex(/^[a-z]{3,30}\d?$/, 'must be an Azure location such as westeurope');

/** A bucket. */
export const bucketName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    'must be an S3 bucket name: 3 to 63 lower-case letters, digits, hyphens and dots',
  );

/** An Azure resource group, as a part of ids. */
export const resourceGroup = z
  .string()
  .regex(
    /^[A-Za-z0-9_.()-]{0,89}[A-Za-z0-9_()-]$/,
    'must be a resource group: at most 90 letters, digits, "_", "-", "(", ")" and ".", not ending in "."',
  );

/** An Azure subscription. */
export const subscriptionId = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'must be a subscription id: a UUID in lower case');

/** Whoever has rights in Entra ID: a group, a person, an application. */
export const objectId = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'must be an object id of Entra: a UUID in lower case');

/** An IPv4 network in CIDR form. */
export const cidr = z.cidrv4('must be an IPv4 network such as 10.20.0.0/16');

/** A five-field cron expression. */
export const cron = z
  .string()
  .regex(/^[\d*,/-]+ [\d*,/-]+ [\d*,/-]+( [\dA-Za-z*,/-]+){2}$/, {
    error: 'must be five fields: minute, hour, day of month, month, day of week, such as "0 */6 * * *"',
    abort: true,
  })
  .superRefine((text, context) => {
    const message = wrongCron(text);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

/** An RKE2 version. */
export const rke2Version = z
  .string()
  .regex(/^v\d+\.\d+\.\d+\+rke2r\d+$/, 'must be an RKE2 version such as v1.35.7+rke2r1');

/** The public key by which an SSH server proves itself; no private half is ever written down. */
export const sshHostKey = z
  .string()
  .regex(
    /^(ssh-(ed25519|rsa)|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]{60,}={0,2}( [^\n]*)?$/,
    'must be the public key of an SSH server: "ssh-ed25519 ..." as ssh-keyscan prints it',
  );

/** A disk of a host, by a name that outlives the order in which the kernel finds disks. */
export const disk = z
  .string()
  .regex(
    /^(serial:[A-Za-z0-9_.-]+|path:\/dev\/disk\/by-[a-z-]+\/[A-Za-z0-9_.:+-]+)$/,
    'must be serial:... or path:/dev/disk/by-...: other names of disks change from boot to boot',
  );

/** Certificates that lie in this repository. */
export const repositoryCertificates = z
  .string()
  .regex(/^(\w[\w.-]*\/)*\w[\w.-]*\.(pem|crt)$/, 'must be the path of a file in this repository, .pem or .crt');

/** A SHA-256. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256: 64 hexadecimal digits in lower case');

/** The key of one server of a cluster. */
export const serverKey = z.string().regex(/^s[1-7]$/, 'must be a server, s1 to s7');

/** The key of one machine with NGINX before Rancher's servers. */
export const nginxKey = z.string().regex(/^n[1-3]$/, 'must be a machine with NGINX, n1 to n3');

/** The key of one storage node of a cluster. */
export const storageKey = z.string().regex(/^g[1-3]$/, 'must be a storage node, g1 to g3');

/** The key of a Kubernetes label or taint. */
export const labelKey = z
  .string()
  .regex(
    /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/,
    'must be a Kubernetes label key: an optional DNS name with "/", then at most 63 letters, digits, "-", "_" and "."',
  );

/** The value of a Kubernetes label or taint. */
export const labelValue = z
  .string()
  .regex(
    /^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/,
    'must be a Kubernetes label value: at most 63 letters, digits, "-", "_" and "."',
  );

/** Kubernetes labels, also used for placement. */
export const labels = z.record(labelKey, labelValue);
