/** Account that Azure demands of a Linux machine. Its password is off, and SSH comes in by the bastion of the site alone. */
const ADMIN = 'drover';

/** Access to a machine: a key that is of use only where the site has a bastion. */
export function adminAccess(publicKey: string): {
  adminUsername: string;
  adminSshKey: { username: string; publicKey: string }[];
  disablePasswordAuthentication: boolean;
} {
  return {
    adminUsername: ADMIN,
    adminSshKey: [{ username: ADMIN, publicKey }],
    disablePasswordAuthentication: true,
  };
}

/** What protects every machine: disks encrypted down to the host's caches, a signed start. */
export const protection = { encryptionAtHostEnabled: true, secureBootEnabled: true, vtpmEnabled: true } as const;

/** A root disk of that many GiB. */
export function systemDisk(sizeGiB: number): { caching: string; storageAccountType: string; diskSizeGb: number } {
  return { caching: 'ReadWrite', storageAccountType: DISK_TYPE, diskSizeGb: sizeGiB };
}

/** Disks of machines: solid-state, in the machine's zone. */
export const DISK_TYPE = 'Premium_LRS';
