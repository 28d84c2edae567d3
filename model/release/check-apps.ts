import type { Environment } from '../environment';
import { identityOf } from '../identity';
import { notAllowed, type Problem } from '../problem';
import type { App } from './app';
import type { AppSpec } from './app-spec';
import { scalingIn } from './app-release';
import { applies } from './context';
import { isPlaced, placesOf, type Place } from './placement';

/**
 * Checks that every application goes somewhere and that each of its overrides applies somewhere.
 * @param environments all of them, not only those of one run: an override for another one is right
 * @throws InvalidReleaseError with every problem of the first application that has one
 */
export function checkApps(apps: readonly App[], environments: readonly Environment[]): void {
  const places = placesOf(environments);
  for (const app of apps) {
    const problems = problemsOf(app.spec, places, environments);
    if (problems.length > 0) throw app.invalid(problems);
  }
}

function problemsOf(spec: AppSpec, places: readonly Place[], environments: readonly Environment[]): Problem[] {
  const placed = places.filter((place) => isPlaced(spec, place));
  const unknown = [
    ...unknownNames(
      ['placement', 'environments'],
      spec.placement.environments,
      environments.map(({ name }) => name),
    ),
    ...unknownNames(['placement', 'clusters'], spec.placement.clusters, [...new Set(places.map((it) => it.cluster))]),
  ];
  if (unknown.length > 0) return unknown;
  if (placed.length === 0) {
    return [
      notAllowed(['placement'], spec.placement, `must fit at least one cluster: there are ${list(places.map(nameOf))}`),
    ];
  }
  return [...idleOverrides(spec, placed), ...wrongScaling(spec, placed)];
}

function unknownNames(path: readonly string[], names: readonly string[] = [], known: readonly string[]): Problem[] {
  return names.flatMap((name, index) =>
    known.includes(name) ? [] : [notAllowed([...path, index], name, `must be one of ${list(known)}`)],
  );
}

function idleOverrides(spec: AppSpec, placed: readonly Place[]): Problem[] {
  const identities = placed.map(({ environment, cluster }) => identityOf(environment, cluster));
  return spec.overrides.flatMap(({ when }, index) =>
    identities.some((identity) => applies(when, identity))
      ? []
      : [notAllowed(['overrides', index, 'when'], when, `must fit one of its clusters: ${list(placed.map(nameOf))}`)],
  );
}

function wrongScaling(spec: AppSpec, placed: readonly Place[]): Problem[] {
  return placed.flatMap((place) => {
    const { min, max } = scalingIn(spec, identityOf(place.environment, place.cluster));
    if (min <= max) return [];
    return [notAllowed(['overrides'], min, `scaling.min must not exceed scaling.max (${max}) in "${nameOf(place)}"`)];
  });
}

function nameOf({ environment, cluster }: Place): string {
  return `${environment.name}/${cluster}`;
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.map((name) => `"${name}"`).join(', ');
}
