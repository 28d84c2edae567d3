/** What a rule of the guard says about a plan. */
export interface Verdict {
  readonly rule:
    | 'one-server-at-a-time'
    | 'one-storage-node-at-a-time'
    | 'bricks-stay'
    | 'machine-disks-stay'
    | 'network-stays'
    | 'data-stays'
    | 'versions-rise';
  readonly stack: string;
  readonly ok: boolean;
  /** What it found, in a sentence. */
  readonly text: string;
}

/** Tag of a server of a cluster, of its disk and of its address. */
export const NODE_TAG = 'drover:node';

export const STORAGE_TAG = 'drover:storage';

/** Tag of a machine of a site, and of its disk. */
export const MACHINE_TAG = 'drover:machine';

export const SERVER_KEY = /^s\d+$/;

export const DISKS: ReadonlySet<string> = new Set(['aws_ebs_volume', 'azurerm_managed_disk']);
