import {
  NetworkSecurityGroup,
  type NetworkSecurityGroupSecurityRule,
} from '@cdktf/provider-azurerm/lib/network-security-group';
import { Construct } from 'constructs';
import { physicalName } from '../../model/naming';
import { namePartsOf } from '../platform/belonging';
import { flowsIn, flowsOut, type MachineFlow } from '../platform/machine-flows';
import type { MachinePlace } from './machine-owner';

/** The machine whose traffic it is. */
export interface MachineSecurityProps extends Pick<MachinePlace, 'environment' | 'network' | 'group'> {
  /** Its key in the site. */
  readonly name: string;
}

const WORLD = '0.0.0.0/0';

/** Every address, as a rule of Azure names it. */
const ANY = '*';

/** @see https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview */
const FIRST_PRIORITY = 100;
const LAST_PRIORITY = 4096;

/** The network security group of one machine of a site: what the environment opens, and what any machine needs. */
export class MachineSecurity extends Construct {
  public readonly securityGroupId: string;

  public constructor(scope: Construct, id: string, props: MachineSecurityProps) {
    super(scope, id);
    const { environment, network, group, name: key } = props;
    this.securityGroupId = new NetworkSecurityGroup(this, 'group', {
      ...group.place,
      name: physicalName('azureNetworkSecurityGroup', [...namePartsOf({ environment, network }), key]),
      // In the group itself, which is written at once: single rules that trade places would meet at one priority.
      securityRule: [
        ...rules('Inbound', flowsIn(environment, network.siteName, key)),
        ...rules('Outbound', flowsOut(environment, network.siteName, key)),
      ],
    }).id;
  }
}

function rules(direction: 'Inbound' | 'Outbound', flows: readonly MachineFlow[]): NetworkSecurityGroupSecurityRule[] {
  const inwards = direction === 'Inbound';
  const allowed = flows.map(({ id, protocol, ports: [first, last], cidrs, why }, index) => ({
    name: `${inwards ? 'in' : 'out'}-${id}`,
    direction,
    access: 'Allow',
    priority: FIRST_PRIORITY + index,
    protocol: protocol === 'tcp' ? 'Tcp' : 'Udp',
    destinationPortRange: first === last ? String(first) : `${first}-${last}`,
    description: why,
    ...ends(inwards, cidrs),
  }));
  // Azure's own last rules let machines of the same network talk to each other, and everybody out.
  const nothingElse = {
    name: inwards ? 'nothing-else-in' : 'nothing-else-out',
    direction,
    access: 'Deny',
    priority: LAST_PRIORITY,
    protocol: ANY,
    destinationPortRange: ANY,
    description: 'what no flow needs',
    ...ends(inwards, [WORLD]),
  };
  return [...allowed, nothingElse].map((rule) => ({ sourcePortRange: ANY, ...rule }));
}

/** The other side of a rule; this side is the machine that wears the group. */
function ends(inwards: boolean, cidrs: readonly string[]): Partial<NetworkSecurityGroupSecurityRule> {
  const all = cidrs.includes(WORLD);
  if (inwards) {
    return all
      ? { sourceAddressPrefix: ANY, destinationAddressPrefix: ANY }
      : { sourceAddressPrefixes: [...cidrs], destinationAddressPrefix: ANY };
  }
  return all
    ? { sourceAddressPrefix: ANY, destinationAddressPrefix: ANY }
    : { sourceAddressPrefix: ANY, destinationAddressPrefixes: [...cidrs] };
}
