import { RandomProvider } from '@cdktf/provider-random/lib/provider';
import { Password } from '@cdktf/provider-random/lib/password';
import { Rancher2Provider } from '@cdktf/provider-rancher2/lib/provider';
import { Fn } from 'cdktf';
import type { Construct } from 'constructs';
import { projectPath } from '../constructs/core/project-path';
import { RancherCa } from '../constructs/kubernetes/rancher-ca';
import { RancherServer } from '../constructs/kubernetes/rancher-server';
import type { RancherHandover } from '../constructs/platform/rancher-handover';
import type { ISecret } from '../constructs/platform/secret-store';
import { FirstLogin } from '../constructs/rancher/first-login';
import type { Environment } from '../model/environment';
import { MANAGEMENT } from '../model/lookup';
import { ServiceCharts } from '../model/release/service-charts';
import { stackName } from '../model/stack-names';
import { clusterProviders, type ClusterAccess } from './cluster-providers';
import { clusterPlatform } from './environment-provider';
import { EnvironmentStack } from './environment-stack';
import type { ISite } from './platforms/platform';

/** What Rancher is put on. */
export interface ManagementRancherStackProps {
  readonly servers: {
    /** Secret with the deploy credential as JSON: host, token, ca. */
    readonly deployer: ISecret;
  };
  /** Where the secrets lie that this stack makes. */
  readonly site: Pick<ISite, 'secretStore'>;
}

/** Rancher on the management cluster, and the first login to it. */
export class ManagementRancherStack extends EnvironmentStack {
  public readonly handover: RancherHandover;

  public constructor(scope: Construct, environment: Environment, props: ManagementRancherStackProps) {
    super(scope, stackName.managementRancher(environment.name), environment);
    const { management } = environment;
    const url = `https://${management.hostname}`;
    const { openSecret } = clusterPlatform(this, environment, MANAGEMENT);
    new RandomProvider(this, 'random');
    clusterProviders(this, this.deployerAccess(openSecret(this, 'deployer', props.servers.deployer)));

    // In the state, because the provider's arguments for it are not write-only (docs/security.md).
    const password = new Password(this, 'admin-password', { length: 32, special: false });
    const { rancher } = new RancherServer(this, 'rancher', {
      environment,
      charts: new ServiceCharts(projectPath('releases')),
      bootstrapPassword: password.result,
    });
    const store = props.site.secretStore(this, 'secrets', { environment, clusterName: MANAGEMENT });
    const version = management.tokenVersion;
    const caCertificates =
      management.tls.source === 'rancher'
        ? store.stored('rancher-ca', {
            value: new RancherCa(this, 'ca', { rancher: rancher.release }).certificates,
            version,
          })
        : undefined;
    const login = new FirstLogin(this, 'first-login', {
      provider: new Rancher2Provider(this, 'rancher2', {
        alias: 'bootstrap',
        apiUrl: url,
        bootstrap: true,
        ...(caCertificates ? { caCerts: openSecret(this, 'opened-rancher-ca', caCertificates) } : {}),
      }),
      password: password.result,
      tokenVersion: version,
      rancher: rancher.release,
    });
    this.handover = {
      url,
      adminToken: store.stored('rancher-admin-token', { value: login.token, version }),
      ...(caCertificates ? { caCertificates } : {}),
    };
  }

  /** @param deployer expression of the credential */
  private deployerAccess(deployer: string): ClusterAccess {
    const credential = Fn.jsondecode(deployer);
    return {
      host: this.environment.management.access.endpoint ?? Fn.lookupNested(credential, ['host']),
      token: Fn.lookupNested(credential, ['token']),
      caCertificates: Fn.lookupNested(credential, ['ca']),
    };
  }
}
