import { Construct } from 'constructs';
import type { ISecret, ISecretStore } from '../platform/secret-store';

/** What Rancher gave out for the machines of one cluster. */
export interface RancherRegistrationProps {
  readonly store: ISecretStore;
  /** Address of Rancher, without a closing slash. */
  readonly url: string;
  /** Expression of the registration token. */
  readonly token: string;
  /** Expression of the checksum of Rancher's CA, or `none`. */
  readonly caChecksum: string;
  /** Raise it to hand out what Rancher says now. */
  readonly version: number;
  /** Site of the store, if machines there are guests of it. @default - it is the cluster's home */
  readonly guestOf?: string;
}

/** The way of a machine into its cluster, in the secret store: no machine's user data holds it. */
export class RancherRegistration extends Construct {
  public readonly url: string;
  public readonly token: ISecret;
  public readonly checksum: ISecret;

  public constructor(scope: Construct, id: string, props: RancherRegistrationProps) {
    super(scope, id);
    const { store, version, guestOf } = props;
    // Two sites may have one store.
    const end = guestOf === undefined ? '' : `-${guestOf}`;
    this.url = props.url;
    this.token = store.stored(`registration-token${end}`, { value: props.token, version });
    this.checksum = store.stored(`registration-checksum${end}`, { value: props.caChecksum, version });
  }

  /** What a machine may read. */
  public get secrets(): readonly ISecret[] {
    return [this.token, this.checksum];
  }

  /** What a machine is told. */
  public environment(): { RANCHER_URL: string; RANCHER_TOKEN_PARAMETER: string; RANCHER_CHECKSUM_PARAMETER: string } {
    return {
      RANCHER_URL: this.url,
      RANCHER_TOKEN_PARAMETER: this.token.name,
      RANCHER_CHECKSUM_PARAMETER: this.checksum.name,
    };
  }
}
