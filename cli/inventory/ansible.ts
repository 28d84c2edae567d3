import { Document, stringify } from 'yaml';
import { z } from 'zod';
import type { Environment } from '../../model/environment';
import { clusterNames, clusterOf } from '../../model/lookup';
import { stackName } from '../../model/stack-names';
import type { SynthesizedStack } from '../../rehearsal/synthesized';

/** A server's network interface: its address is fixed, so it is known before the machine is. */
const serverInterface = z.looseObject({
  private_ips: z.tuple([z.string()]),
  tags: z.looseObject({ Name: z.string(), 'drover:node': z.string() }),
});

/**
 * The servers as an Ansible inventory: they alone have addresses that stay. Members of node groups come and go, so for
 * them it says which scaling groups to ask the cloud for.
 */
export function ansibleInventory(environment: Environment, stacks: readonly SynthesizedStack[]): string {
  const clusters = clusterNames(environment).map((name) => ({
    group: groupName('cluster', name),
    hosts: hostsOf(environment, name, stacks),
  }));
  const document = new Document({
    all: {
      vars: { drover_environment: environment.name },
      children: {
        ...Object.fromEntries(clusters.map(({ group, hosts }) => [group, { hosts }])),
        role_server: { children: Object.fromEntries(clusters.map(({ group }) => [group, {}])) },
      },
    },
  });
  document.commentBefore = note(scalingGroups(stacks));
  return stringify(document);
}

function hostsOf(
  environment: Environment,
  cluster: string,
  stacks: readonly SynthesizedStack[],
): Record<string, Record<string, string>> {
  const name = stackOf(environment, cluster);
  const interfaces = stacks.find((it) => it.name === name)?.content.resource?.['aws_network_interface'] ?? {};
  const servers = Object.values(interfaces).flatMap((it) => serverInterface.safeParse(it).data ?? []);
  return Object.fromEntries(
    servers.map(({ private_ips: [address], tags }) => [
      tags.Name,
      {
        ansible_host: address,
        drover_cluster: cluster,
        drover_server: tags['drover:node'],
        drover_site: clusterOf(environment, cluster).site,
        drover_stack: name,
      },
    ]),
  );
}

function stackOf({ name, clusters }: Environment, cluster: string): string {
  return cluster in clusters ? stackName.cluster(name, cluster) : stackName.managementServers(name);
}

function scalingGroups(stacks: readonly SynthesizedStack[]): string[] {
  const groups = stacks.flatMap(({ content }) => Object.values(content.resource?.['aws_autoscaling_group'] ?? {}));
  return groups.map((it) => String(it['name'])).sort();
}

/** Group names of Ansible take no hyphen. */
const groupName = (kind: string, name: string): string => `${kind}_${name.replaceAll('-', '_')}`;

function note(groups: readonly string[]): string {
  const lines = [
    ' Servers only: their addresses stay. They have no public address and no SSH key;',
    ' reach them from a routed network or by SSM.',
  ];
  if (groups.length === 0) return lines.join('\n');
  return [
    ...lines,
    ' Members of these scaling groups come and go; list them with the amazon.aws.aws_ec2 plugin,',
    ' filter tag:aws:autoscaling:groupName:',
    ...groups.map((it) => `   ${it}`),
  ].join('\n');
}
