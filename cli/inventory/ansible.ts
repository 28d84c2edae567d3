import { Document, stringify } from 'yaml';
import type { Environment } from '../../model/environment';
import { clusterNames, clusterOf } from '../../model/lookup';
import { stackName } from '../../model/stack-names';
import type { SynthesizedStack } from '../../rehearsal/synthesized';
import { serverHosts } from './server-hosts';

/**
 * The servers as an Ansible inventory: they alone have addresses that stay. Members of node groups come and go in a cloud,
 * so for them it says which groups to ask it for.
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
  document.commentBefore = note(environment, stacks);
  return stringify(document);
}

function hostsOf(
  environment: Environment,
  cluster: string,
  stacks: readonly SynthesizedStack[],
): Record<string, Record<string, string | number>> {
  const stack = stackOf(environment, cluster);
  const servers = serverHosts(
    environment,
    cluster,
    stacks.find((it) => it.name === stack),
  );
  return Object.fromEntries(
    servers.map(({ name, server, address, connection }) => [
      name,
      {
        ansible_host: address,
        ...connection,
        drover_cluster: cluster,
        drover_server: server,
        drover_site: clusterOf(environment, cluster).site,
        drover_stack: stack,
      },
    ]),
  );
}

function stackOf({ name, clusters }: Environment, cluster: string): string {
  return cluster in clusters ? stackName.cluster(name, cluster) : stackName.managementServers(name);
}

function namesOf(stacks: readonly SynthesizedStack[], type: string): string[] {
  return stacks.flatMap(({ content }) => Object.values(content.resource?.[type] ?? {}).map((it) => String(it['name'])));
}

/** Group names of Ansible take no hyphen. */
const groupName = (kind: string, name: string): string => `${kind}_${name.replaceAll('-', '_')}`;

function note({ sites }: Environment, stacks: readonly SynthesizedStack[]): string {
  const groups = namesOf(stacks, 'aws_autoscaling_group').sort();
  const scaleSets = namesOf(stacks, 'azurerm_linux_virtual_machine_scale_set').sort();
  const platforms = new Set(Object.values(sites).map(({ platform }) => platform));
  const isCloud = platforms.has('aws') || platforms.has('azure');
  return [
    ' Servers only: their addresses stay.' + (isCloud ? ' They have no public address and no SSH key;' : ''),
    ...(isCloud ? [` reach them from a routed network${platforms.has('aws') ? ' or by SSM' : ''}.`] : []),
    ...(platforms.has('metal') ? [' On metal they are reached by SSH with the keys of your agent.'] : []),
    ...told(groups, [
      ' Members of these scaling groups come and go; list them with the amazon.aws.aws_ec2 plugin,',
      ' filter tag:aws:autoscaling:groupName:',
    ]),
    ...told(scaleSets, [
      ' Members of these scale sets come and go; list them with the azure.azcollection.azure_rm plugin,',
      ' include_vmss_resource_groups:',
    ]),
  ].join('\n');
}

const told = (names: readonly string[], how: readonly string[]): string[] =>
  names.length === 0 ? [] : [...how, ...names.map((it) => `   ${it}`)];
