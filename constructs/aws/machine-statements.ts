import type { Environment } from '../../model/environment';
import { machineNameOf } from '../platform/belonging';
import type { IBootstrapBundle } from '../platform/bundle';
import type { ISecret } from '../platform/secret-store';
import type { Network } from './network';
import type { Statement } from './policy-document';
import { zabbixStatements } from './zabbix';

/** Where machines stand, and what they belong to. */
export interface MachinePlace {
  readonly environment: Environment;
  readonly network: Network;
  /** Cluster that they are of. @default - none: they are machines of the site */
  readonly clusterName?: string | undefined;
  /** Scripts of first boot. @default - the site's */
  readonly bundle?: IBootstrapBundle;
}

/** The machines of a cluster that a policy speaks of. */
export interface MachineOwner extends MachinePlace {
  readonly clusterName: string;
}

/** Tag by which a machine reports how its bootstrap ended. */
export const BOOTSTRAP_TAG = 'drover:bootstrap';

/**
 * What every machine may do: take part in Session Manager, fetch its bundle, say how its bootstrap went, and read the key
 * of its Zabbix agent.
 * @param purpose what the machines are for; of one that is in no cluster its key in the site
 */
export function machineStatements(owner: MachinePlace, purpose: string): Statement[] {
  return [
    sessionManager(),
    ...bundle(owner),
    bootstrapReport(owner, purpose),
    ...zabbixStatements(owner.environment, owner.network),
  ];
}

/** Reads of exactly these secrets. */
export function secretReads(owner: MachineOwner, secrets: readonly ISecret[]): Statement[] {
  const { kmsKeyArn } = owner.network;
  return [
    { Sid: 'ReadSecrets', Effect: 'Allow', Action: 'ssm:GetParameter', Resource: secrets.map((it) => it.handle) },
    {
      Sid: 'DecryptSecrets',
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: kmsKeyArn,
      Condition: through(owner.network, 'ssm'),
    },
  ];
}

/** Condition that a key is used by way of one service of the site's region alone. */
export function through(network: Network, service: 'ssm' | 's3' | 'ec2'): NonNullable<Statement['Condition']> {
  return { StringEquals: { 'kms:ViaService': `${service}.${network.region}.amazonaws.com` } };
}

/**
 * The agent's own calls, none of which takes a resource. The managed policy AmazonSSMManagedInstanceCore would also
 * let every machine read every parameter of the account.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-setting-up-messageAPIs.html
 */
function sessionManager(): Statement {
  return {
    Sid: 'SessionManager',
    Effect: 'Allow',
    Action: [
      'ssm:UpdateInstanceInformation',
      'ssm:DescribeAssociation',
      'ssm:GetDocument',
      'ssm:DescribeDocument',
      'ssm:ListAssociations',
      'ssm:ListInstanceAssociations',
      'ssm:UpdateAssociationStatus',
      'ssm:UpdateInstanceAssociationStatus',
      'ssmmessages:CreateControlChannel',
      'ssmmessages:CreateDataChannel',
      'ssmmessages:OpenControlChannel',
      'ssmmessages:OpenDataChannel',
      'ec2messages:AcknowledgeMessage',
      'ec2messages:DeleteMessage',
      'ec2messages:FailMessage',
      'ec2messages:GetEndpoint',
      'ec2messages:GetMessages',
      'ec2messages:SendReply',
    ],
    Resource: '*',
  };
}

/** Any version of the bundle: a machine of an older launch template version fetches the one it was pinned to. */
function bundle({ network, bundle: scripts = network.bundle }: MachinePlace): Statement[] {
  return [
    {
      Sid: 'FetchBundle',
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:GetObjectVersion'],
      Resource: scripts.resource,
    },
    {
      Sid: 'DecryptBundle',
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: network.kmsKeyArn,
      Condition: through(network, 's3'),
    },
  ];
}

/** IAM can't say "itself"; the nearest is one tag key, on machines of the same cluster, or of the same name. */
function bootstrapReport(owner: MachinePlace, purpose: string): Statement {
  const { environment, network, clusterName } = owner;
  const itself =
    clusterName === undefined
      ? { 'aws:ResourceTag/Name': machineNameOf({ environment, network }, purpose) }
      : { 'aws:ResourceTag/drover:cluster': clusterName };
  return {
    Sid: 'ReportBootstrap',
    Effect: 'Allow',
    Action: 'ec2:CreateTags',
    Resource: `arn:${network.partition}:ec2:${network.region}:${network.accountId}:instance/*`,
    Condition: {
      StringEquals: { 'aws:ResourceTag/drover:env': environment.name, ...itself },
      'ForAllValues:StringEquals': { 'aws:TagKeys': [BOOTSTRAP_TAG] },
    },
  };
}
