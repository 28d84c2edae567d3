import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { dnsOf, domainOf } from '../../model/lookup';
import type { Exposure, ILoadBalancer } from '../platform/load-balancer';
import type { ClusterSecurity } from './cluster-security';
import { DnsRecord } from './dns-record';
import type { Network } from './network';
import { NetworkLoadBalancer, type HttpHealthCheck } from './network-load-balancer';

/** The way in for web traffic. */
export interface WebLoadBalancerProps {
  readonly environment: Environment;
  readonly network: Network;
  readonly security: ClusterSecurity;
  readonly clusterName: string;
  /** Whether it has public addresses. Whom it lets in is the security group's matter. */
  readonly exposure: Exposure;
  /** Fully qualified names that lead to it, such as 'rancher.example.com' or '*.shop.example.com'. */
  readonly names: readonly string[];
  /** `ip` for servers, `instance` for scaling groups. */
  readonly targetType: 'ip' | 'instance';
  /** How targets are looked at. @default - by a connection to the port itself */
  readonly health?: HttpHealthCheck;
}

/** Network load balancer of 80 and 443. */
export class WebLoadBalancer extends Construct implements ILoadBalancer {
  /** First of the names, known at synth; without names the balancer's own. */
  public readonly address: string;
  public readonly targetGroupArns: Readonly<Record<'http' | 'https', string>>;

  public constructor(scope: Construct, id: string, props: WebLoadBalancerProps) {
    super(scope, id);
    const { environment, network, security, names, health } = props;
    const { siteName } = network;
    const balancer = new NetworkLoadBalancer(this, 'web', {
      environment,
      network,
      clusterName: props.clusterName,
      purpose: 'web',
      exposure: props.exposure,
      securityGroupId: security.webGroupId,
      targetType: props.targetType,
    });
    this.targetGroupArns = { http: balancer.pass('http', 80, health), https: balancer.pass('https', 443, health) };
    const records = new Construct(this, 'names');
    for (const name of names) {
      new DnsRecord(records, idOf(name, environment, siteName), { environment, siteName, name, target: balancer });
    }
    this.address = names[0] ?? balancer.dnsName;
  }
}

/** Id of a record: its labels below the site's own, which must not become part of an address in the state. */
function idOf(name: string, environment: Environment, siteName: string): string {
  const { zone } = dnsOf(environment, siteName);
  const suffix = [domainOf(environment, siteName), zone].find((it) => name === it || name.endsWith(`.${it}`)) ?? '';
  const labels = name.slice(0, name.length - suffix.length).replace(/\.$/, '');
  return labels === '' ? 'apex' : labels.replace('*', 'wildcard');
}
