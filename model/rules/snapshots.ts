import { raisedMembers, snapshotsOf } from '../lookup';
import { notAllowed } from '../problem';
import type { SecretRef } from '../secret-ref';
import type { EnvironmentSpec } from '../spec/environment';
import type { PlatformName } from '../spec/site';
import type { SnapshotsSpec } from '../spec/snapshots';
import { isOwn, mustBeOwn } from './own-store';
import type { Rule } from './rule';

export const snapshotKeysInOwnStore: Rule = {
  id: 'snapshot-keys-in-own-store',
  check: (env) =>
    storesOf(env).flatMap(({ path, platform, store: { accessKey, secretKey } }) =>
      Object.entries({ accessKey, secretKey }).flatMap(([key, secret]) =>
        isOwn(platform, secret.kind) ? [] : [notAllowed([...path, key], secret, mustBeOwn(platform))],
      ),
    ),
};

export const snapshotKeysDistinct: Rule = {
  id: 'snapshot-keys-distinct',
  check: (env) =>
    storesOf(env).flatMap(({ path, store: { accessKey, secretKey } }) =>
      textOf(accessKey) === textOf(secretKey)
        ? [notAllowed([...path, 'secretKey'], secretKey, 'must be another secret than "accessKey"')]
        : [],
    ),
};

export const snapshotPortInRange: Rule = {
  id: 'snapshot-port-in-range',
  check: (env) =>
    storesOf(env).flatMap(({ path, store: { endpoint } }) =>
      Number(endpoint.split(':')[1] ?? 443) > 65_535
        ? [notAllowed([...path, 'endpoint'], endpoint, 'must have a port of at most 65535')]
        : [],
    ),
};

export const snapshotsTakeEffect: Rule = {
  id: 'snapshots-take-effect',
  check: (env) => {
    const sites = [env.management.site, ...Object.values(raisedMembers(env)).map(({ site }) => site)];
    return storesOf(env).flatMap(({ name, path, store: { endpoint } }) =>
      sites.includes(name)
        ? []
        : [notAllowed(path, endpoint, 'must be left out: no cluster has its servers, and so its etcd, in this site')],
    );
  },
};

/** A site's store, and where it is written. */
interface PlacedStore {
  readonly name: string;
  readonly path: readonly string[];
  readonly platform: PlatformName;
  readonly store: SnapshotsSpec;
}

function storesOf(env: EnvironmentSpec): PlacedStore[] {
  return Object.entries(env.sites).flatMap(([name, { platform }]) => {
    const store = snapshotsOf(env, name);
    return store === undefined ? [] : [{ name, path: ['sites', name, 'snapshots'], platform, store }];
  });
}

function textOf({ place }: SecretRef): string {
  return JSON.stringify(place);
}
