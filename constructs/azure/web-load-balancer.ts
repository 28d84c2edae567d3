import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { dnsOf, domainOf } from '../../model/lookup';
import type { ILoadBalancer } from '../platform/load-balancer';
import { DnsRecord } from './dns-record';
import type { GroupPlace } from './group-place';
import type { Network } from './network';
import { NetworkLoadBalancer } from './network-load-balancer';
import type { PlaneLoadBalancer } from './plane-load-balancer';

/** The way in for web traffic. */
export interface WebLoadBalancerProps {
  readonly environment: Environment;
  readonly network: Network;
  readonly group: GroupPlace;
  readonly clusterName: string;
  /** The cluster's internal balancer, which takes the traffic where it has a frontend for it. */
  readonly plane: PlaneLoadBalancer;
  /** Fully qualified names that lead to it, such as 'rancher.example.com' or '*.shop.example.com'. */
  readonly names: readonly [string, ...string[]];
}

const WEB = 'web';

/** The way of 80 and 443: a public balancer of its own, or a frontend of the cluster's internal one. */
export class WebLoadBalancer extends Construct implements ILoadBalancer {
  /** First of the names, known at synth. */
  public readonly address: string;
  /** Pool of the machines that take the traffic. */
  public readonly poolId: string;

  public constructor(scope: Construct, id: string, props: WebLoadBalancerProps) {
    super(scope, id);
    const { environment, names, plane } = props;
    const { siteName } = props.network;
    const { balancer, frontend } = plane.web ?? {
      balancer: new NetworkLoadBalancer(this, 'web', {
        ...props,
        purpose: 'web',
        exposure: 'public',
        frontends: [WEB],
      }),
      frontend: WEB,
    };
    this.poolId = balancer.pool(frontend);
    const to = { frontend, poolId: this.poolId };
    balancer.pass('http', 80, to);
    balancer.pass('https', 443, to);
    const records = new Construct(this, 'names');
    const addresses = [balancer.addressOf(frontend)];
    for (const name of names) {
      new DnsRecord(records, idOf(name, environment, siteName), { environment, siteName, name, addresses });
    }
    [this.address] = names;
  }
}

/** Id of a record: its labels below the site's own, which must not become part of an address in the state. */
function idOf(name: string, environment: Environment, siteName: string): string {
  const { zone } = dnsOf(environment, siteName);
  const suffix = [domainOf(environment, siteName), zone].find((it) => name === it || name.endsWith(`.${it}`)) ?? '';
  const labels = name.slice(0, name.length - suffix.length).replace(/\.$/, '');
  return labels === '' ? 'apex' : labels.replace('*', 'wildcard');
}
