import { readFileSync } from 'node:fs';
import { Fn } from 'cdktf';
import { userDataTooLarge, type SizePart } from './errors';
import { settingsBytes, settingsOf, settingsText, type MachineSettings } from './settings-file';
import { holdsToken, shellQuotedInJson, terraformText, textBytes } from './terraform-text';

/** A further file that cloud-init writes. */
export interface UserDataFile {
  /**
   * Absolute path on the machine. Not below `/var/lib/rancher`, which the data disk hides: manifests go to
   * `/etc/drover/manifests`, RKE2 settings to `/etc/rancher/rke2/config.yaml.d`, hooks to `/etc/drover/hooks/{before,after}`.
   */
  readonly path: string;
  /** Text; may hold tokens, never a secret. */
  readonly content: string;
  /** Octal, such as `0600`. */
  readonly permissions: string;
}

/** How much user data a platform takes. */
export interface UserDataLimit {
  /** Before base64. */
  readonly bytes: number;
  /** Where the limit is documented. */
  readonly source: string;
}

/** What a machine is told at first boot. */
export interface UserDataProps extends MachineSettings {
  /** Absolute path of `userdata/fetch.sh`; it is read at synth and does not reach the output. */
  readonly fetcher: string;
  readonly files?: readonly UserDataFile[];
  readonly limit: UserDataLimit;
}

const ENV_PATH = '/etc/drover/bootstrap.env';
const FETCHER_PATH = '/opt/drover/fetch.sh';
/** JSON around a file: path, owner, quotes, escapes of line breaks. */
const WRAPPER_BYTES = 96;

/**
 * Terraform expression of the cloud-config that writes a machine's settings and the fetcher, and starts it.
 * @throws when a setting is unknown, missing for a step or holds a control character, and when the whole may be larger
 * than the platform takes
 */
export function renderUserData(props: UserDataProps): string {
  const { files = [], limit, what } = props;
  const settings = settingsOf(props);
  const fetcher = readFileSync(props.fetcher);
  checkSize(
    [
      { name: 'settings', bytes: settingsBytes(settings) + WRAPPER_BYTES },
      { name: 'fetcher', bytes: base64Bytes(fetcher.byteLength) + WRAPPER_BYTES },
      ...files.map((it) => ({ name: it.path, bytes: base64Bytes(textBytes(it.content)) + WRAPPER_BYTES })),
    ],
    limit,
    what,
  );
  const cloudConfig = {
    write_files: [
      { path: ENV_PATH, permissions: '0600', content: settingsText(settings, shellQuotedInJson) },
      { path: FETCHER_PATH, permissions: '0700', encoding: 'b64', content: fetcher.toString('base64') },
      ...files.map(({ path, permissions, content }) => ({
        path,
        permissions,
        encoding: 'b64',
        content: holdsToken(content)
          ? Fn.base64encode(terraformText(content))
          : Buffer.from(content).toString('base64'),
      })),
    ],
    runcmd: [[FETCHER_PATH]],
  };
  // One flat list of texts and references: cdktf resolves a function's arguments twice at each level of nesting, and
  // ten machines of nested `jsonencode` and `join` took three quarters of the whole synth.
  return terraformText(`#cloud-config\n${JSON.stringify(cloudConfig)}`);
}

function base64Bytes(bytes: number): number {
  return 4 * Math.ceil(bytes / 3);
}

function checkSize(parts: readonly SizePart[], limit: UserDataLimit, what: string): void {
  const bytes = parts.reduce((sum, it) => sum + it.bytes, 0);
  if (bytes > limit.bytes) throw userDataTooLarge(what, bytes, limit, parts);
}
