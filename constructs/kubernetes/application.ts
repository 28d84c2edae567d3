import { Construct } from 'constructs';
import { stringify } from 'yaml';
import type { AppRelease } from '../../model/release/app-release';
import type { Values } from '../../model/release/merge';
import { HelmRelease } from './helm-release';
import { Namespace } from './namespace';
import { OpaqueSecret } from './opaque-secret';

/** One application in one cluster. */
export interface ApplicationProps {
  readonly release: AppRelease;
  /** Path of the house chart, as Terraform finds it. */
  readonly chartPath: string;
  /** Expressions of the secret values by variable; ephemeral ones are allowed. */
  readonly secretValues: Readonly<Record<string, string>>;
}

/** The namespace, the secret and the release of an application. */
export class Application extends Construct {
  public constructor(scope: Construct, id: string, { release, chartPath, secretValues }: ApplicationProps) {
    super(scope, id);
    const { name, identity, team, values, secretVersion } = release;
    const namespace = new Namespace(this, 'namespace', {
      name,
      podSecurity: 'restricted',
      identity,
      labels: { 'drover/team': team },
    });
    const hasSecrets = Object.keys(secretValues).length > 0;
    const secret = hasSecrets
      ? new OpaqueSecret(this, 'secret', {
          name: `${name}-secrets`,
          namespace: namespace.name,
          data: secretValues,
          version: secretVersion,
        })
      : undefined;
    new HelmRelease(this, 'app', {
      name,
      namespace: namespace.name,
      chart: { chart: chartPath, values: asYaml(values) },
      // The version is in the pods' annotations: a new value restarts them.
      ...(secret ? { overlay: { secret: { name: secret.name, version: secretVersion } } } : {}),
      identity,
    });
  }
}

/** Helm reads YAML 1.1, where a bare `no` is false and 12:30 a number: such texts have to be quoted. */
function asYaml(values: Values): string {
  return stringify(values, { version: '1.1' });
}
