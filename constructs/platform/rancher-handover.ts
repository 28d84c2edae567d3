import type { ISecret } from './secret-store';

/** What a later stack needs to speak with Rancher. */
export interface RancherHandover {
  /** Address of Rancher, such as `https://rancher.example.com`, without a closing slash. */
  readonly url: string;
  /** The administrator's API token; opened by its consumer, never a value that crosses stacks. */
  readonly adminToken: ISecret;
  /**
   * Certificates (PEM) of the private CA that signed Rancher's certificate, opened like a secret so that they are known
   * at every plan but the first. @default - Rancher's certificate is publicly trusted
   */
  readonly caCertificates?: ISecret;
}
