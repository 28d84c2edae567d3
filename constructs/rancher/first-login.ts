import { Bootstrap } from '@cdktf/provider-rancher2/lib/bootstrap';
import type { Rancher2Provider } from '@cdktf/provider-rancher2/lib/provider';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { addressOf } from '../core/address-of';
import { TerraformData } from '../core/terraform-data';

/** Longest life of a token that Rancher allows by its setting `auth-token-max-ttl-minutes`: 90 days. */
const TOKEN_TTL_SEC = 90 * 24 * 60 * 60;

/** The first login to a new Rancher. */
export interface FirstLoginProps {
  /** Provider with `bootstrap = true`. */
  readonly provider: Rancher2Provider;
  /** Password that the chart gave the administrator; it stays the administrator's. */
  readonly password: string;
  /** Raise it to get a new token. */
  readonly tokenVersion: number;
  /** Rancher, which has to be up. */
  readonly rancher: ITerraformDependable;
}

/**
 * Logs in as the administrator and gets an API token.
 *
 * The provider makes a new token only after the old one has expired, and writes `token_update` back by itself, so the
 * version replaces the whole login: destroying it does nothing, and creating it logs in again. That needs the password
 * to be the same before and after. The provider keeps password and token in the state (it has no write-only arguments).
 */
export class FirstLogin extends Construct {
  /** Expression of the administrator's token. Sensitive: it may only go to a secret store. */
  public readonly token: string;

  public constructor(scope: Construct, id: string, props: FirstLoginProps) {
    super(scope, id);
    const version = new TerraformData(this, 'token-version', { input: props.tokenVersion });
    const login = new Bootstrap(this, 'login', {
      provider: props.provider,
      initialPassword: props.password,
      password: props.password,
      tokenTtl: TOKEN_TTL_SEC,
      dependsOn: [props.rancher],
      lifecycle: { replaceTriggeredBy: [addressOf(version)] },
    });
    this.token = login.token;
  }
}
