import type { Network } from './network';

/** ARN of a parameter that Terraform did not make, or not yet. */
export function parameterArn(network: Network, name: string): string {
  return `arn:${network.partition}:ssm:${network.region}:${network.accountId}:parameter${name}`;
}
