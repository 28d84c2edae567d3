import { ClusterGroup } from '../../../constructs/azure/cluster-group';
import { ClusterSecurity } from '../../../constructs/azure/cluster-security';
import { ManagementServers } from '../../../constructs/azure/management-servers';
import { MemberFoundation } from '../../../constructs/azure/member-foundation';
import { MemberMachines } from '../../../constructs/azure/member-machines';
import { PlaneLoadBalancer } from '../../../constructs/azure/plane-load-balancer';
import { SecretStore } from '../../../constructs/azure/secret-store';
import { WebLoadBalancer } from '../../../constructs/azure/web-load-balancer';
import { RancherRegistration } from '../../../constructs/bootstrap/rancher-registration';
import type { Environment } from '../../../model/environment';
import { raisedMembers } from '../../../model/lookup';
import type { Synthesized } from '../../support/synth';
import { inStack, networkIn } from './fixture';

/** The machines of `shop`, in one stack with all they stand on. */
export function machinesOf(environment: Environment, networkOf: Environment = environment): Synthesized {
  const spec = raisedMembers(environment)['shop'];
  if (spec === undefined) throw new Error("the fixture's environment has no cluster 'shop'");
  return inStack((stack) => {
    const owner = { environment, network: networkIn(stack, networkOf), clusterName: 'shop' };
    new MemberMachines(stack, 'machines', {
      spec,
      foundation: new MemberFoundation(stack, 'foundation', { ...owner, spec }),
      registration: new RancherRegistration(stack, 'registration', {
        store: new SecretStore(stack, 'secrets', owner),
        url: 'https://rancher.staging.example.com',
        token: 'canary-registration-token',
        caChecksum: 'none',
        version: 1,
      }),
    });
  });
}

/** The servers of the management cluster, in one stack with all they stand on. */
export function managementOf(environment: Environment): Synthesized {
  return inStack((stack) => {
    const owner = { environment, network: networkIn(stack, environment), clusterName: 'management' };
    const group = new ClusterGroup(stack, 'group', owner);
    const placed = { ...owner, group: group.place };
    const security = new ClusterSecurity(stack, 'security', { ...placed, webCidrs: [], planeCidrs: [] });
    const plane = new PlaneLoadBalancer(stack, 'plane', { ...placed, takesWeb: true });
    const web = new WebLoadBalancer(stack, 'web', { ...placed, plane, names: [environment.management.hostname] });
    new ManagementServers(stack, 'management', { ...owner, group, security, plane, web });
  });
}

/** Names of blocks without the part that tells equal paths apart. */
export function namesOf(blocks: Readonly<Record<string, unknown>> = {}): string[] {
  return Object.keys(blocks).map((name) => name.replace(/_[0-9A-F]{8}$/, ''));
}
