import { identityOf, type Identity } from '../identity';
import { domainOfCluster } from '../lookup';
import type { SecretRef } from '../secret-ref';
import type { App } from './app';
import type { AppOverride, AppSpec } from './app-spec';
import { applies, specificity } from './context';
import { mergeValues, type Values } from './merge';
import { isPlaced, type Place } from './placement';

/** One application in one cluster, with everything decided that can be decided before a deploy. */
export interface AppRelease {
  /** Name of the release and its namespace. */
  readonly name: string;
  readonly identity: Identity;
  readonly team: string;
  /** Values of the house chart. */
  readonly values: Values;
  /** Variables of the container by the place where their values lie. */
  readonly secrets: Readonly<Record<string, SecretRef>>;
  readonly secretVersion: number;
}

/** The applications of one cluster, in the order of their names. */
export function releasesIn(apps: readonly App[], place: Place): AppRelease[] {
  return apps.filter(({ spec }) => isPlaced(spec, place)).map(({ spec }) => releaseOf(spec, place));
}

/** An application as it is in one cluster. */
export function releaseOf(spec: AppSpec, { environment, cluster }: Place): AppRelease {
  const identity = identityOf(environment, cluster);
  const layers = overridesFor(spec, identity);
  const secretVersion = layers.reduce((version, layer) => layer.secretVersion ?? version, spec.secretVersion);
  const own: Values = {
    ...spec.values,
    name: spec.name,
    team: spec.team,
    image: spec.image,
    port: spec.port,
    scaling: scalingIn(spec, identity),
    ...(spec.ingress
      ? {
          ingress: {
            host: `${spec.ingress.name}.${cluster}.${domainOfCluster(environment, cluster)}`,
            path: spec.ingress.path,
          },
        }
      : {}),
  };
  return {
    name: spec.name,
    identity,
    team: spec.team,
    values: layers.reduce((values, layer) => mergeValues(values, valuesOf(layer)), own),
    secrets: Object.assign({}, spec.secrets, ...layers.map((layer) => layer.secrets ?? {})),
    secretVersion,
  };
}

/** Bounds of an application in one cluster. */
export function scalingIn(spec: AppSpec, identity: Identity): AppSpec['scaling'] {
  return overridesFor(spec, identity).reduce(
    (bounds, { scaling }) => ({
      min: scaling?.min ?? bounds.min,
      max: scaling?.max ?? bounds.max,
      cpuPercent: scaling?.cpuPercent ?? bounds.cpuPercent,
    }),
    spec.scaling,
  );
}

/** The overrides that apply, the least specific first; of equally specific ones the later in the file is stronger. */
function overridesFor(spec: AppSpec, identity: Identity): AppOverride[] {
  return spec.overrides
    .filter(({ when }) => applies(when, identity))
    .sort((one, other) => specificity(one.when) - specificity(other.when));
}

function valuesOf({ image, values }: AppOverride): Values {
  return { ...values, ...(image ? { image: imageOf(image) } : {}) };
}

/** A tag of an override takes the digest below it away, which would win otherwise. */
function imageOf(image: NonNullable<AppOverride['image']>): Values {
  return image.tag !== undefined && image.digest === undefined ? { ...image, digest: '' } : image;
}
