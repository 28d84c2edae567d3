import { evaluate } from './terraform-console';

interface WrittenFile {
  readonly path: string;
  readonly content: string;
  readonly encoding?: string;
}

/** What a machine gets at first boot. */
export interface CloudConfig {
  /** Size before base64, which is what the platform limits. */
  readonly bytes: number;
  /** Contents by path, as cloud-init would write them. */
  readonly files: Readonly<Record<string, string>>;
}

/** The cloud-config in an argument for user data, after Terraform has read it. */
export function cloudConfigOf(userData: unknown): CloudConfig {
  const text = String(evaluate(String(userData).replace('base64encode', '')));
  const { write_files: files } = JSON.parse(text.replace('#cloud-config\n', '')) as { write_files: WrittenFile[] };
  return { bytes: Buffer.byteLength(text), files: Object.fromEntries(files.map((it) => [it.path, contentOf(it)])) };
}

/** Settings of a machine without what changes with every change of a script. */
export function settingsOf(config: CloudConfig): string {
  const settings = config.files['/etc/drover/bootstrap.env'] ?? '';
  return settings.replace(/^(BUNDLE_SHA256)='[0-9a-f]{64}'$/m, "$1='<sha256>'");
}

function contentOf({ content, encoding }: WrittenFile): string {
  return encoding === 'b64' ? Buffer.from(content, 'base64').toString('utf8') : content;
}
