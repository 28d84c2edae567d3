import { Ec2ManagedPrefixList } from '@cdktf/provider-aws/lib/ec2-managed-prefix-list';
import { Construct } from 'constructs';
import { tooManyNetworks } from './errors';

/** Networks that rules name as one. */
export interface NetworkListProps {
  readonly name: string;
  /** What the list stands for in messages. */
  readonly what: string;
  /** IPv4 networks; may be references that are known at apply only. */
  readonly cidrs: readonly string[];
}

/** Room is made in steps, so that one more network does not resize the list, which counts as a change of every rule. */
const STEP = 5;

/**
 * Most networks of one list: rules of two ports count each entry, a group has 60 rules.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups
 */
const MOST = 30;

/** A list of networks. Rules point to it, so that a network more or less is one line in the plan. */
export class NetworkList extends Construct {
  public readonly prefixListId: string;

  public constructor(scope: Construct, id: string, props: NetworkListProps) {
    super(scope, id);
    const cidrs = [...new Set(props.cidrs)];
    if (cidrs.length > MOST) throw tooManyNetworks(props.what, cidrs.length, MOST);
    const list = new Ec2ManagedPrefixList(this, 'list', {
      name: props.name,
      addressFamily: 'IPv4',
      maxEntries: Math.max(STEP, Math.ceil(cidrs.length / STEP) * STEP),
      entry: cidrs.map((cidr) => ({ cidr })),
    });
    this.prefixListId = list.id;
  }
}
