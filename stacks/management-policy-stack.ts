import { Rancher2Provider } from '@cdktf/provider-rancher2/lib/provider';
import type { Construct } from 'constructs';
import type { RancherHandover } from '../constructs/platform/rancher-handover';
import { Policy } from '../constructs/rancher/policy';
import type { Environment } from '../model/environment';
import { MANAGEMENT } from '../model/lookup';
import { stackName } from '../model/stack-names';
import { rancherVersionOf } from '../model/versions';
import { clusterPlatform } from './environment-provider';
import { EnvironmentStack } from './environment-stack';

/** What the policy is set in. */
export interface ManagementPolicyStackProps {
  readonly rancher: RancherHandover;
}

/** What Rancher allows: settings and features. */
export class ManagementPolicyStack extends EnvironmentStack {
  public constructor(scope: Construct, environment: Environment, { rancher }: ManagementPolicyStackProps) {
    super(scope, stackName.managementPolicy(environment.name), environment);
    const { openSecret } = clusterPlatform(this, environment, MANAGEMENT);
    new Rancher2Provider(this, 'rancher2', {
      apiUrl: rancher.url,
      tokenKey: openSecret(this, 'rancher-token', rancher.adminToken),
      ...(rancher.caCertificates ? { caCerts: openSecret(this, 'rancher-ca', rancher.caCertificates) } : {}),
    });
    new Policy(this, 'policy', { rancherVersion: rancherVersionOf(environment) });
  }
}
