import { Construct } from 'constructs';
import { stringify } from 'yaml';
import type { Identity } from '../../model/identity';
import { HelmRelease } from './helm-release';

/** Every cluster has this namespace; the agent's own comes with the chart and outlives the release. */
const RELEASED_IN = 'kube-system';

/** Rancher's agent in a cluster that others made. */
export interface RancherAgentProps {
  /** Path of the agent's chart, as Terraform finds it. */
  readonly chartPath: string;
  /** Address of Rancher, without a closing slash. */
  readonly url: string;
  /** Version of Rancher without 'v': the agent's is the same. */
  readonly rancherVersion: string;
  /** Expression of the registration token. */
  readonly token: string;
  /** Expression of the SHA-256 of Rancher's private CA. @default - Rancher's certificate is publicly trusted */
  readonly caChecksum?: string;
  /** Raise it to hand the agent token and checksum anew. */
  readonly registrationVersion: number;
  readonly identity: Identity;
}

/**
 * Rancher's agent, by a chart instead of the manifest that people apply by hand: the token reaches Helm as a write-only
 * value. Once connected, Rancher keeps the agent up to date by itself.
 */
export class RancherAgent extends Construct {
  /** To depend on. */
  public readonly agent: HelmRelease;

  public constructor(scope: Construct, id: string, props: RancherAgentProps) {
    super(scope, id);
    const { url, rancherVersion, token, caChecksum, registrationVersion } = props;
    this.agent = new HelmRelease(this, 'agent', {
      name: 'rancher-agent',
      namespace: RELEASED_IN,
      chart: { chart: props.chartPath, values: stringify({ url, image: { tag: `v${rancherVersion}` } }) },
      secretValues: {
        values: { token, ...(caChecksum === undefined ? {} : { caChecksum }) },
        revision: registrationVersion,
      },
      identity: props.identity,
    });
  }
}
