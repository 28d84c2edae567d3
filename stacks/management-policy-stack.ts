import type { Construct } from 'constructs';
import type { RancherHandover } from '../constructs/platform/rancher-handover';
import { Policy } from '../constructs/rancher/policy';
import type { Environment } from '../model/environment';
import { MANAGEMENT } from '../model/lookup';
import { stackName } from '../model/stack-names';
import { rancherVersionOf } from '../model/versions';
import { clusterPlatform } from './environment-provider';
import { EnvironmentStack } from './environment-stack';
import { rancherProvider } from './rancher-provider';

/** What the policy is set in. */
export interface ManagementPolicyStackProps {
  readonly rancher: RancherHandover;
}

/** What Rancher allows: settings and features. */
export class ManagementPolicyStack extends EnvironmentStack {
  public constructor(scope: Construct, environment: Environment, { rancher }: ManagementPolicyStackProps) {
    super(scope, stackName.managementPolicy(environment.name), environment);
    rancherProvider(this, clusterPlatform(this, environment, MANAGEMENT), rancher);
    new Policy(this, 'policy', { rancherVersion: rancherVersionOf(environment) });
  }
}
