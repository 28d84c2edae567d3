import { Testing, type App } from 'cdktf';
import type { ISecret } from '../../constructs/platform/secret-store';
import type { Environment } from '../../model/environment';
import { ClusterStack } from '../../stacks/cluster-stack';
import { NetworkStack } from '../../stacks/network-stack';
import { ServicesStack } from '../../stacks/services-stack';
import { synthesized, type Synthesized } from '../support/synth';

const secret = (id: string): ISecret => ({
  name: `/drover/dev/management/${id}`,
  handle: `arn:aws:ssm:eu-west-1:123456789012:parameter/drover/dev/management/${id}`,
  region: 'eu-west-1',
});
const rancher = { url: 'https://rancher.dev.example.com', adminToken: secret('rancher-admin-token') };

/** The stack of `shop`, whose home `eu` is linked with these sites. */
export function shopStack(environment: Environment, linked: readonly string[] = ['us', 'weu', 'dc1']): Synthesized {
  return synthesized(shopIn(Testing.app(), environment, linked));
}

/** The stack of the services of `shop`. */
export function shopServices(environment: Environment, linked: readonly string[]): Synthesized {
  const app = Testing.app();
  const cluster = shopIn(app, environment, linked);
  return synthesized(new ServicesStack(app, environment, 'shop', { rancher, cluster }));
}

function shopIn(app: App, environment: Environment, linked: readonly string[]): ClusterStack {
  const siteOf = (name: string): NetworkStack['site'] => new NetworkStack(app, environment, name).site;
  return new ClusterStack(app, environment, 'shop', { site: siteOf('eu'), linked: linked.map(siteOf), rancher });
}
