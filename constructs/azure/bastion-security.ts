import {
  NetworkSecurityGroup,
  type NetworkSecurityGroupSecurityRule,
} from '@cdktf/provider-azurerm/lib/network-security-group';
import { Construct } from 'constructs';
import { physicalName } from '../../model/naming';
import { bastionForNobody } from './errors';
import type { GroupPlace } from './group-place';
import { ANY } from './network-rules';

/** Whose sessions go through the bastion of a site. */
export interface BastionSecurityProps extends GroupPlace {
  /** Networks that people come from, as the internet sees them. */
  readonly allowedCidrs: readonly string[];
  /** First parts of the names: environment and site. */
  readonly nameParts: readonly string[];
}

/** One rule; what is left out is every address, and TCP. */
interface Rule {
  readonly name: string;
  readonly why: string;
  readonly from?: readonly string[];
  readonly to?: string;
  readonly ports: readonly string[];
  readonly protocol?: 'Tcp' | '*';
}

const WORLD = '0.0.0.0/0';
const NETWORK = 'VirtualNetwork';
const PARTS = { from: [NETWORK], to: NETWORK, ports: ['8080', '5701'], protocol: '*' } as const;

/** @see https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview */
const FIRST_PRIORITY = 100;
const LAST_PRIORITY = 4096;

/**
 * Rules that Azure demands of this subnet and looks for one by one, whatever its own last rules let through: without one of
 * them it takes no group there. So RDP may go out, although no machine lets it in.
 * @see https://learn.microsoft.com/azure/bastion/bastion-nsg
 */
const INWARDS: readonly Rule[] = [
  { name: 'control', why: 'the control plane of the bastion', from: ['GatewayManager'], ports: ['443'] },
  { name: 'probes', why: 'health checks of the platform', from: ['AzureLoadBalancer'], ports: ['443'] },
  { name: 'parts', why: 'parts of the bastion to each other', ...PARTS },
];
const OUTWARDS: readonly Rule[] = [
  { name: 'machines', why: 'sessions; machines let in SSH alone', to: NETWORK, ports: ['22', '3389'] },
  { name: 'cloud', why: 'logs and metrics of the bastion', to: 'AzureCloud', ports: ['443'] },
  { name: 'parts', why: 'parts of the bastion to each other', ...PARTS },
  { name: 'sessions', why: 'information on sessions, certificates', to: 'Internet', ports: ['80'], protocol: '*' },
];

/** The network security group of the bastion's subnet: who may open sessions, and what Azure demands. */
export class BastionSecurity extends Construct {
  public readonly securityGroupId: string;

  public constructor(scope: Construct, id: string, props: BastionSecurityProps) {
    super(scope, id);
    const { resourceGroupName, location, nameParts, allowedCidrs } = props;
    if (allowedCidrs.length === 0) throw bastionForNobody();
    this.securityGroupId = new NetworkSecurityGroup(this, 'group', {
      resourceGroupName,
      location,
      name: physicalName('azureNetworkSecurityGroup', [...nameParts, 'bastion']),
      // In the group itself: the subnet takes the group with all of them or not at all.
      securityRule: [
        ...[people(allowedCidrs), ...INWARDS].map((it, index) => rule('Inbound', FIRST_PRIORITY + index, it)),
        nothingElse('Inbound'),
        ...OUTWARDS.map((it, index) => rule('Outbound', FIRST_PRIORITY + index, it)),
        nothingElse('Outbound'),
      ],
    }).id;
  }
}

type Direction = 'Inbound' | 'Outbound';

function rule(
  direction: Direction,
  priority: number,
  { name, why, from = [ANY], to = ANY, ports, protocol = 'Tcp' }: Rule,
): NetworkSecurityGroupSecurityRule {
  const [source, ...sources] = from;
  const [port, ...further] = ports;
  return {
    name: `${direction === 'Inbound' ? 'in' : 'out'}-${name}`,
    direction,
    access: 'Allow',
    priority,
    protocol,
    sourcePortRange: ANY,
    destinationAddressPrefix: to,
    description: why,
    ...(source !== undefined && sources.length === 0
      ? { sourceAddressPrefix: source }
      : { sourceAddressPrefixes: [...from] }),
    ...(port !== undefined && further.length === 0
      ? { destinationPortRange: port }
      : { destinationPortRanges: [...ports] }),
  };
}

function people(cidrs: readonly string[]): Rule {
  const from = cidrs.includes(WORLD) ? ['Internet'] : [...new Set(cidrs)];
  return { name: 'people', why: 'people, by their browsers and the command line of Azure', from, ports: ['443'] };
}

function nothingElse(direction: Direction): NetworkSecurityGroupSecurityRule {
  return {
    name: direction === 'Inbound' ? 'nothing-else-in' : 'nothing-else-out',
    direction,
    access: 'Deny',
    priority: LAST_PRIORITY,
    protocol: ANY,
    sourcePortRange: ANY,
    sourceAddressPrefix: ANY,
    destinationPortRange: ANY,
    destinationAddressPrefix: ANY,
    description: 'what the bastion does not need',
  };
}
