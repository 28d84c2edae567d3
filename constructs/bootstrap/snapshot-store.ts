import type { Environment } from '../../model/environment';
import { clusterOf, serverKeys, snapshotsOf } from '../../model/lookup';
import type { SecretPlace } from '../../model/secret-ref';
import type { BootstrapEnv, SettingName } from './env';

/** Settings of the store of one's own for snapshots of etcd. */
export type SnapshotSettings = Pick<BootstrapEnv, Extract<SettingName, `SNAPSHOT_S3_${string}`>>;

/** The servers whose etcd it is. */
export interface SnapshotOwner {
  readonly environment: Environment;
  readonly network: { readonly siteName: string };
  readonly clusterName: string;
}

/** The secrets that servers of a site read for their snapshots, by the field that names each; nothing without a store. */
export function snapshotKeys({
  environment,
  network: { siteName },
}: Pick<SnapshotOwner, 'environment' | 'network'>):
  Readonly<Record<'accessKey' | 'secretKey', SecretPlace>> | undefined {
  const store = snapshotsOf(environment, siteName);
  return store === undefined ? undefined : { accessKey: store.accessKey.place, secretKey: store.secretKey.place };
}

/** Port of the store, where it is another than that by which machines reach the world anyway; else none. */
export function snapshotPort({
  environment,
  network: { siteName },
}: Pick<SnapshotOwner, 'environment' | 'network'>): number | undefined {
  const [, port] = snapshotsOf(environment, siteName)?.endpoint.split(':') ?? [];
  return port === undefined || port === '443' ? undefined : Number(port);
}

/** Path of a field of the store, for messages. */
export function snapshotField(siteName: string, key: 'accessKey' | 'secretKey'): string {
  return `sites.${siteName}.snapshots.${key}`;
}

/**
 * Snapshots that stay in a store of a cluster: RKE2 counts those of all its servers together, and without a word of it some
 * versions keep five.
 * @see https://github.com/k3s-io/k3s/issues/9866
 * @see https://github.com/k3s-io/k3s/pull/13770
 */
export function keptSnapshots({
  environment,
  clusterName,
}: Pick<SnapshotOwner, 'environment' | 'clusterName'>): number {
  return environment.management.backup.retention * serverKeys(clusterOf(environment, clusterName).servers).length;
}

/**
 * What a server is told of the store; nothing without one. It holds no secret.
 * @param nameOf how the platform's store of secrets names one, and the field that it comes from
 */
export function snapshotEnvironment(
  { environment, network: { siteName }, clusterName }: SnapshotOwner,
  nameOf: (field: string, place: SecretPlace) => string,
): SnapshotSettings {
  const store = snapshotsOf(environment, siteName);
  if (store === undefined) return {};
  const { endpoint, bucket, region, accessKey, secretKey, ca } = store;
  return {
    SNAPSHOT_S3_ENDPOINT: endpoint,
    SNAPSHOT_S3_BUCKET: bucket,
    SNAPSHOT_S3_REGION: region,
    // Several environments may share a bucket, and each has a cluster of the name 'management'.
    SNAPSHOT_S3_FOLDER: `${environment.name}-${clusterName}`,
    SNAPSHOT_S3_RETENTION: String(keptSnapshots({ environment, clusterName })),
    SNAPSHOT_S3_ACCESS_KEY: nameOf(snapshotField(siteName, 'accessKey'), accessKey.place),
    SNAPSHOT_S3_SECRET_KEY: nameOf(snapshotField(siteName, 'secretKey'), secretKey.place),
    ...(ca === undefined ? {} : { SNAPSHOT_S3_CA: Buffer.from(ca).toString('base64') }),
  };
}
