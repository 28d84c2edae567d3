import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';
import { Construct } from 'constructs';
import { serverKeys } from '../../model/lookup';
import { physicalName } from '../../model/naming';
import { serverAddress } from '../../model/network-plan';
import { nginxKeys } from '../../model/nginx';
import type { NginxSpec } from '../../model/spec/load-balancer';
import type { BootstrapEnv } from '../bootstrap/env';
import { nginxSteps } from '../bootstrap/machine-steps';
import { renderUserData } from '../bootstrap/user-data';
import { projectPath } from '../core/project-path';
import { NGINX_HEALTH_PORT } from '../platform/nginx-flows';
import { extrasOf } from '../bootstrap/extras';
import { imageId } from './image';
import { machineEnvironment } from './machine-environment';
import { MachineRole } from './machine-role';
import type { MachineOwner } from './machine-statements';
import { NginxMachine } from './nginx-machine';
import { Readiness } from './readiness';
import type { ReadinessDocument } from './readiness-document';
import { Renewals } from './renewals';
import { userDataLimit } from './user-data-limit';
import { waysOut } from '../bootstrap/way-out';
import type { WebLoadBalancer } from './web-load-balancer';

/** Where the machines stand, what leads to them, and whom they lead to. */
export interface NginxMachinesProps extends MachineOwner {
  readonly spec: NginxSpec;
  readonly securityGroupId: string;
  readonly web: WebLoadBalancer;
  /** The command that waits for a machine's report. */
  readonly document: ReadinessDocument;
}

/** How the load balancer looks at a machine: it is well while some server answers it. */
export const nginxHealth = { port: NGINX_HEALTH_PORT, path: '/healthz' } as const;

/**
 * Machines with NGINX between the platform's load balancer and a cluster's servers: keyed, one a zone, renewed one at a
 * time and waited for.
 *
 * The servers' addresses are a parameter that each machine reads once a minute, with a right to this one parameter and no
 * other: a further server then needs no renewal, and nobody a way to run commands on the machines.
 */
export class NginxMachines extends Construct {
  public constructor(scope: Construct, id: string, props: NginxMachinesProps) {
    super(scope, id);
    const { environment, network, clusterName, spec, document } = props;
    const owner = { environment, network, clusterName };
    const servers = this.servers(props);
    const role = new MachineRole(this, 'role', {
      ...owner,
      purpose: 'nginx',
      statements: [{ Sid: 'ReadServers', Effect: 'Allow', Action: 'ssm:GetParameter', Resource: servers.arn }],
    });
    const renewals = new Renewals(this, 'renewals', {
      environment,
      clusterName,
      what: 'machine with NGINX',
      wanted: Object.fromEntries(nginxKeys(spec).map((name) => [name, spec.renew[name] ?? 0])),
    });
    const settings = {
      ...owner,
      spec,
      role,
      imageId: imageId(this, 'image', spec.machine.image),
      securityGroupId: props.securityGroupId,
      targetGroupArns: props.web.targetGroupArns,
      renewals: renewals.guard,
      userData: (machineName: string) => userData(props, machineName),
    };
    for (const name of nginxKeys(spec)) {
      const server = new NginxMachine(this, name, { ...settings, name });
      const { reported } = new Readiness(server, 'readiness', { document, server });
      renewals.reached(name, [reported]);
    }
  }

  private servers(props: NginxMachinesProps): SsmParameter {
    const { environment, clusterName } = props;
    const { servers } = environment.management;
    return new SsmParameter(this, 'servers', {
      name: parameterName(props),
      description: 'Addresses that NGINX passes web traffic on to',
      type: 'String',
      insecureValue: serverKeys(servers)
        .map((name) => serverAddress(environment, clusterName, name))
        .join(' '),
    });
  }
}

function parameterName({ environment, clusterName }: MachineOwner): string {
  return physicalName('awsSsmParameter', ['drover', environment.name, clusterName, 'nginx-servers']);
}

function userData(props: NginxMachinesProps, machineName: string): string {
  const { environment, clusterName } = props;
  return renderUserData({
    env: nginxEnvironment(props, machineName),
    steps: nginxSteps({ ...waysOut(environment), ...extrasOf(environment, {}) }),
    fetcher: projectPath('userdata', 'fetch.sh'),
    limit: userDataLimit,
    what: `machine '${machineName}' with NGINX of cluster '${clusterName}'`,
  });
}

function nginxEnvironment(props: NginxMachinesProps, machineName: string): BootstrapEnv {
  const { version } = props.spec;
  return {
    ...machineEnvironment(props),
    DROVER_ROLE: 'nginx',
    DROVER_NODE: machineName,
    NGINX_SERVERS_PARAMETER: parameterName(props),
    NGINX_HEALTH_PORT: String(NGINX_HEALTH_PORT),
    ...(version === undefined ? {} : { NGINX_VERSION: version }),
  };
}
