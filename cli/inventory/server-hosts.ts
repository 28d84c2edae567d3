import { z } from 'zod';
import type { Environment } from '../../model/environment';
import { clusterOf, siteOf } from '../../model/lookup';
import type { MetalSiteSpec } from '../../model/spec/site';
import type { SynthesizedStack } from '../../rehearsal/synthesized';

/** A server as an inventory names it. */
export interface ServerHost {
  readonly name: string;
  /** Key of the server in its cluster. */
  readonly server: string;
  readonly address: string;
  /** How Ansible gets there, where it can't know by itself. */
  readonly connection: Readonly<Record<string, string | number>>;
}

/** A server's network interface: its address is fixed, so it is known before the machine is. */
const awsInterface = z.looseObject({
  private_ips: z.tuple([z.string()]),
  tags: z.looseObject({ Name: z.string(), 'drover:node': z.string() }),
});
const azureInterface = z.looseObject({
  name: z.string(),
  ip_configuration: z.tuple([z.looseObject({ private_ip_address: z.string() })]),
  tags: z.looseObject({ 'drover:node': z.string() }),
});

/** The servers of a cluster: in a cloud what its stack makes, on metal what the environment says. */
export function serverHosts(
  environment: Environment,
  cluster: string,
  stack: SynthesizedStack | undefined,
): ServerHost[] {
  const { site: siteName, servers } = clusterOf(environment, cluster);
  const site = siteOf(environment, siteName);
  if (site.platform === 'metal') return 'hosts' in servers ? hostsOf(site, servers.hosts) : [];
  const blocks = (type: string): unknown[] => Object.values(stack?.content.resource?.[type] ?? {});
  return [
    ...blocks('aws_network_interface')
      .flatMap((it) => awsInterface.safeParse(it).data ?? [])
      .map(({ private_ips: [address], tags }) => inCloud(tags.Name, tags['drover:node'], address)),
    ...blocks('azurerm_network_interface')
      .flatMap((it) => azureInterface.safeParse(it).data ?? [])
      .map(({ name, ip_configuration: [it], tags }) => inCloud(name, tags['drover:node'], it.private_ip_address)),
  ];
}

const inCloud = (name: string, server: string, address: string): ServerHost => ({
  name,
  server,
  address,
  connection: {},
});

function hostsOf({ hosts, ssh }: MetalSiteSpec, names: readonly string[]): ServerHost[] {
  const { user, port, bastion } = ssh;
  const jump = bastion && `-o ProxyJump=${bastion.user ?? user}@${bastion.host}:${bastion.port}`;
  const connection = {
    ansible_user: user,
    ansible_port: port,
    ...(jump === undefined ? {} : { ansible_ssh_common_args: jump }),
  };
  return names.flatMap((name) => {
    const host = hosts[name];
    return host === undefined ? [] : [{ name, server: name, address: host.address, connection }];
  });
}
