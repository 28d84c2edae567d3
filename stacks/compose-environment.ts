import type { Construct } from 'constructs';
import type { Environment } from '../model/environment';
import { noSuchSite } from '../model/errors';
import { linkedSites } from '../model/guests';
import { importedMembers, isImported } from '../model/lookup';
import type { App } from '../model/release/app';
import { AppsStack } from './apps-stack';
import { ClusterStack } from './cluster-stack';
import { ImportedClusterStack } from './imported-cluster-stack';
import { MachinesStack } from './machines-stack';
import { ManagementPolicyStack } from './management-policy-stack';
import { ManagementRancherStack } from './management-rancher-stack';
import { ManagementServersStack } from './management-servers-stack';
import { NetworkStack } from './network-stack';
import { ServicesStack } from './services-stack';

/** Every stack of one environment, in the order of their lifecycles. */
export function composeEnvironment(scope: Construct, environment: Environment, apps: readonly App[]): void {
  const networks = new Map(
    Object.keys(environment.sites).map((site) => [site, new NetworkStack(scope, environment, site)]),
  );
  const stackOf = (site: string): NetworkStack => {
    const stack = networks.get(site);
    if (stack === undefined) throw noSuchSite(site, [...networks.keys()]);
    return stack;
  };

  for (const [name, { machines }] of Object.entries(environment.sites)) {
    if (Object.keys(machines).length === 0) continue;
    // On metal hosts are looked at in the network's stack before they are changed.
    new MachinesStack(scope, environment, name, stackOf(name).site).addDependency(stackOf(name));
  }

  const managementNetwork = stackOf(environment.management.site);
  const { site } = managementNetwork;
  const servers = new ManagementServersStack(scope, environment, {
    site,
    siteEgress: [
      ...[...networks.values()].flatMap((stack) => stack.site.egressCidrs),
      ...Object.values(importedMembers(environment)).flatMap(({ egressCidrs }) => egressCidrs),
    ],
  });
  // On metal nothing of the network is referred to, but hosts are looked at there before they are changed.
  servers.addDependency(managementNetwork);
  const { handover: rancher } = new ManagementRancherStack(scope, environment, { servers, site });
  const policy = new ManagementPolicyStack(scope, environment, { rancher });

  for (const [name, member] of Object.entries(environment.clusters)) {
    const linked = isImported(member) ? [] : linkedSites(environment, member.site, name).map(stackOf);
    const cluster = isImported(member)
      ? new ImportedClusterStack(scope, environment, name, { rancher })
      : new ClusterStack(scope, environment, name, {
          site: stackOf(member.site).site,
          linked: linked.map((stack) => stack.site),
          rancher,
        });
    if (!isImported(member)) cluster.addDependency(stackOf(member.site));
    for (const stack of linked) cluster.addDependency(stack);
    // A registration token is made by the rules that the policy sets.
    cluster.addDependency(policy);
    const services = new ServicesStack(scope, environment, name, { rancher, cluster });
    const releases = new AppsStack(scope, environment, name, { rancher, cluster, apps });
    // Applications need the storage classes and the ingress that services bring.
    releases.addDependency(services);
  }
}
