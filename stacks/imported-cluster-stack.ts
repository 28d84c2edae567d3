import { ClusterSync } from '@cdktf/provider-rancher2/lib/cluster-sync';
import { AssetType, Fn, TerraformAsset } from 'cdktf';
import type { Construct } from 'constructs';
import { certificatesIn } from '../constructs/core/certificates-file';
import { RancherAgent } from '../constructs/kubernetes/rancher-agent';
import type { RancherHandover } from '../constructs/platform/rancher-handover';
import { ImportedCluster } from '../constructs/rancher/imported-cluster';
import type { Environment } from '../model/environment';
import { raisedCluster } from '../model/errors';
import { identityOf, nodeLabelsOf } from '../model/identity';
import { isImported, memberOf, storeOwnerOf } from '../model/lookup';
import type { SecretRef } from '../model/secret-ref';
import type { ImportedSpec } from '../model/spec/imported';
import { stackName } from '../model/stack-names';
import { rancherVersionOf } from '../model/versions';
import { helmProvider } from './cluster-providers';
import { clusterPlatform } from './environment-provider';
import { EnvironmentStack } from './environment-stack';
import { unreadableAccess } from './errors';
import { rancherProvider } from './rancher-provider';

/** Where the chart of Rancher's agent lies, from the root of the project. */
const AGENT_CHART = 'charts/rancher-agent';

/** The Rancher that shall manage the cluster. */
export interface ImportedClusterStackProps {
  readonly rancher: RancherHandover;
}

/** A member that others made: its cluster in Rancher, Rancher's agent in it, and the wait until it is active. */
export class ImportedClusterStack extends EnvironmentStack {
  /** Rancher's identifier of the cluster, for its proxy; known once the cluster is active. */
  public readonly rancherClusterId: string;

  public constructor(
    scope: Construct,
    environment: Environment,
    clusterName: string,
    { rancher }: ImportedClusterStackProps,
  ) {
    super(scope, stackName.cluster(environment.name, clusterName), environment);
    const spec = importedSpecOf(environment, clusterName);
    const identity = identityOf(environment, clusterName);
    const platform = clusterPlatform(this, environment, clusterName);
    const { caCertificates } = rancherProvider(this, platform, rancher);

    const secretAt = platform.placedSecrets(this, { environment, clusterName: storeOwnerOf(environment, clusterName) });
    const opened = (key: string, { place }: SecretRef): string => {
      const secret = secretAt(place);
      if (secret === undefined) throw unreadableAccess(clusterName, key, place.kind, platform.secretPlace);
      return platform.openSecret(this, `api-${key}`, secret);
    };
    const { endpoint, token, ca: apiCa } = spec.api;
    helmProvider(this, {
      host: endpoint,
      token: opened('token', token),
      ...(apiCa === undefined
        ? {}
        : { caCertificates: typeof apiCa === 'string' ? certificatesIn(apiCa) : opened('ca', apiCa) }),
    });

    const member = new ImportedCluster(this, 'member', {
      name: clusterName,
      labels: { ...spec.labels, ...nodeLabelsOf(identity) },
    });
    const chart = new TerraformAsset(this, 'chart', { path: AGENT_CHART, type: AssetType.DIRECTORY });
    const { agent } = new RancherAgent(this, 'agent', {
      chartPath: `\${path.module}/${chart.path}`,
      url: rancher.url,
      rancherVersion: rancherVersionOf(environment),
      token: member.registrationToken,
      ...(caCertificates === undefined ? {} : { caChecksum: checksumOf(caCertificates) }),
      registrationVersion: spec.registrationVersion,
      identity,
    });
    const active = new ClusterSync(this, 'active', { clusterId: member.id, dependsOn: [agent.release] });
    this.rancherClusterId = active.clusterId;
  }
}

/** As Rancher counts it: of the certificates with one newline at their end (pkg/systemtemplate/import.go, CAChecksum). */
function checksumOf(certificates: string): string {
  return Fn.sha256(Fn.join('', [Fn.trimsuffix(certificates, '\n'), '\n']));
}

function importedSpecOf(environment: Environment, name: string): ImportedSpec {
  const member = memberOf(environment, name);
  if (!isImported(member)) throw raisedCluster(name);
  return member;
}
