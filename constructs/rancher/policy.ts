import { Feature } from '@cdktf/provider-rancher2/lib/feature';
import { Setting } from '@cdktf/provider-rancher2/lib/setting';
import { Construct } from 'constructs';
import { satisfies } from 'semver';

/**
 * Rancher's settings, each with the reason for its value. Times are in minutes.
 * Names and defaults: https://github.com/rancher/rancher/blob/v2.14.4/pkg/settings/setting.go
 */
export const settings: Readonly<Record<string, string>> = {
  // The deploy token lives as long as this: 90 days.
  'auth-token-max-ttl-minutes': '129600',
  // A kubeconfig holds no token of its own; whoever uses it logs in.
  'kubeconfig-generate-token': 'false',
  'kubeconfig-default-token-ttl-minutes': '480',
  'auth-user-session-ttl-minutes': '720',
  'auth-user-session-idle-ttl-minutes': '60',
  'password-min-length': '16',
};

/**
 * Rotating registration tokens die after 30 days, and machines that start later could not join: they read theirs from
 * the secret store, where only a deploy renews it. On by default from 2.15.0.
 * @see https://github.com/rancher/rancher/blob/v2.15.0/pkg/features/feature.go
 */
const TOKEN_ROTATION = 'crt-token-ttl-rotation';

/** Versions that know the feature; the others refuse its name. */
const WITH_TOKEN_ROTATION = '~2.13.8 || >=2.14.4';

/** The Rancher that the policy is for. */
export interface PolicyProps {
  /** Version without 'v'. */
  readonly rancherVersion: string;
}

/** What this Rancher allows, apart from who may do what. */
export class Policy extends Construct {
  public constructor(scope: Construct, id: string, props: PolicyProps) {
    super(scope, id);
    for (const [name, value] of Object.entries(settings)) new Setting(this, name, { name, value });
    if (satisfies(props.rancherVersion, WITH_TOKEN_ROTATION)) {
      new Feature(this, TOKEN_ROTATION, { name: TOKEN_ROTATION, value: false });
    }
  }
}
