import { STORES } from '../lookup';
import { isAzureImage, isAzureSize } from '../machine-words';
import { keyNotAllowed, notAllowed } from '../problem';
import type { Problem } from '../problem';
import type { EnvironmentSpec } from '../spec/environment';
import type { PlatformName } from '../spec/site';
import { cloudGroupsOf, machinesOf, occurs, onPlatform } from './rule';
import type { Rule } from './rule';
import { soleUser, usedZones, writerOf, type UsedZone } from './zones';

/** A new machine is judged by its health once this time is over. @see https://learn.microsoft.com/azure/virtual-machine-scale-sets/virtual-machine-scale-sets-automatic-instance-repairs */
const AZURE_JOIN = { leastSec: 600, mostSec: 5400 };

/** Longest notice before a machine is taken away. @see https://learn.microsoft.com/azure/virtual-machine-scale-sets/virtual-machine-scale-sets-terminate-notification */
const AZURE_NOTICE_SEC = 900;

/** @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations */
const AZURE_TAG_KEY = /[<>%&\\?/]/;

/** Platforms as messages name them. */
const NAMES: Readonly<Record<PlatformName, string>> = { aws: 'AWS', azure: 'Azure', metal: 'metal' };

/** What must hold of the group of a zone whose names are all written on one platform. */
const ZONES: Readonly<Record<PlatformName, { readonly grouped: boolean; readonly why: string }>> = {
  aws: { grouped: false, why: 'must be left out: sites on AWS have a Route 53 zone' },
  azure: { grouped: true, why: 'is missing: sites on Azure have an Azure DNS zone' },
  metal: { grouped: false, why: 'must be left out: no records are written on metal' },
};

/** What is said of the environment's zone to a site that can't use it. */
const WRITTEN: Readonly<Record<PlatformName, string>> = {
  aws: 'lies in Route 53',
  azure: 'lies in Azure DNS',
  metal: 'is written by people',
};

export const dnsOfPlatform: Rule = {
  id: 'dns-of-platform',
  check: (env) =>
    usedZones(env).flatMap((zone): Problem[] => {
      const platform = soleUser(zone);
      if (platform === undefined) return strangersTo(zone);
      const { grouped, why } = ZONES[platform];
      const { resourceGroup } = zone.dns;
      const path = [...zone.path, 'resourceGroup'];
      if ((resourceGroup !== undefined) === grouped) return [];
      return [grouped ? { path, text: why } : notAllowed(path, resourceGroup, why)];
    }),
};

/** Sites that stand on another platform than the one that writes into the zone. */
function strangersTo({ dns, sites }: UsedZone): Problem[] {
  return sites
    .filter(({ platform }) => platform !== writerOf(dns))
    .map(({ name, platform }) => ({
      path: ['sites', name, 'dns'],
      text: `is missing: site "${name}" is on ${NAMES[platform]}, and the zone of the environment ${WRITTEN[writerOf(dns)]}: name a zone of its own, and a domain in it`,
    }));
}

export const secretsOfPlatform: Rule = {
  id: 'secrets-of-platform',
  check: (env) => [
    ...secretsOfEnvironment(env),
    ...Object.entries(env.sites).flatMap(([name, { platform, secrets }]) =>
      secrets === undefined || secrets.kind === STORES[platform]
        ? []
        : [
            notAllowed(
              ['sites', name, 'secrets', 'kind'],
              secrets.kind,
              `must be "${STORES[platform]}", the store of ${NAMES[platform]}`,
            ),
          ],
    ),
  ],
};

/** What is said for all sites must be heard by one of them. */
function secretsOfEnvironment({ secrets, sites }: EnvironmentSpec): Problem[] {
  const heard = Object.values(sites).filter((site) => site.secrets === undefined);
  const kinds = [...new Set(heard.map(({ platform }) => STORES[platform]))];
  if (secrets === undefined || kinds.includes(secrets.kind)) return [];
  const [only, ...others] = kinds;
  if (only === undefined) {
    return [notAllowed(['secrets', 'kind'], secrets.kind, 'must be left out: every site has secrets of its own')];
  }
  const allowed =
    others.length === 0 ? `"${only}", the store` : `${kinds.map((it) => `"${it}"`).join(' or ')}, a store`;
  return [notAllowed(['secrets', 'kind'], secrets.kind, `must be ${allowed} of the sites`)];
}

export const instanceTypeOfPlatform: Rule = {
  id: 'instance-type-of-platform',
  check: (env) => [
    ...onPlatform(env, 'aws', machinesOf(env))
      .filter(({ value }) => isAzureSize(value.instanceType))
      .map(({ path, value, site }) =>
        notAllowed([...path, 'instanceType'], value.instanceType, `must be an EC2 type: site "${site}" is on AWS`),
      ),
    ...onPlatform(env, 'azure', machinesOf(env))
      .filter(({ value }) => !isAzureSize(value.instanceType))
      .map(({ path, value, site }) =>
        notAllowed(
          [...path, 'instanceType'],
          value.instanceType,
          `must be a size such as Standard_D4s_v5: site "${site}" is on Azure`,
        ),
      ),
  ],
};

export const imageOfPlatform: Rule = {
  id: 'image-of-platform',
  check: (env) => [
    ...onPlatform(env, 'aws', machinesOf(env))
      .filter(({ value }) => isAzureImage(value.image))
      .map(({ path, value, site }) =>
        notAllowed([...path, 'image'], value.image, `must be ami-... or /aws/service/...: site "${site}" is on AWS`),
      ),
    ...onPlatform(env, 'azure', machinesOf(env))
      .filter(({ value }) => !isAzureImage(value.image))
      .map(({ path, value, site }) =>
        notAllowed(
          [...path, 'image'],
          value.image,
          `must be publisher:offer:sku:version or /subscriptions/...: site "${site}" is on Azure`,
        ),
      ),
  ],
};

export const loadBalancerOfPlatform: Rule = {
  id: 'load-balancer-of-platform',
  check: (env) => {
    const { loadBalancer, site } = env.management;
    const placed = { path: ['management', 'loadBalancer', 'kind'], value: loadBalancer.kind, site };
    return onPlatform(env, 'azure', [placed])
      .filter(({ value }) => value === 'nginx')
      .map(({ path, value }) =>
        notAllowed(
          path,
          value,
          `must be "platform": machines with NGINX stand on AWS alone, site "${site}" is on Azure`,
        ),
      );
  },
};

export const mixedOfPlatform: Rule = {
  id: 'mixed-of-platform',
  check: (env) =>
    onPlatform(env, 'azure', cloudGroupsOf(env)).flatMap(({ path, value: { mixed } }) =>
      mixed === undefined
        ? []
        : [
            notAllowed(
              [...path, 'mixed'],
              mixed,
              'must be left out: a Uniform scale set of Azure has one size and one price; "spot" makes all its machines spot machines',
            ),
          ],
    ),
};

export const spotOrMixed: Rule = {
  id: 'spot-or-mixed',
  check: (env) =>
    cloudGroupsOf(env)
      .filter(({ value: { spot, mixed } }) => spot && mixed !== undefined)
      .map(({ path, value: { spot } }) =>
        notAllowed(
          [...path, 'spot'],
          spot,
          'must be left out: "mixed.onDemandPercent" says how many are spot machines',
        ),
      ),
};

export const timesOfPlatform: Rule = {
  id: 'times-of-platform',
  check: (env) =>
    onPlatform(env, 'azure', cloudGroupsOf(env)).flatMap(({ path, value }): Problem[] => {
      const { leastSec, mostSec } = AZURE_JOIN;
      const { joinTimeoutSec: join, healthGraceSec: grace, drainTimeoutSec: drain } = value;
      return [
        ...(join >= leastSec && join <= mostSec
          ? []
          : [notAllowed([...path, 'joinTimeoutSec'], join, `must be ${leastSec} to ${mostSec} on Azure`)]),
        ...(join > mostSec || join + grace <= mostSec
          ? []
          : [
              notAllowed(
                [...path, 'healthGraceSec'],
                grace,
                `must be at most ${mostSec - join} on Azure: one period covers it and 'joinTimeoutSec' (${join}), ${mostSec} at most`,
              ),
            ]),
        ...(drain <= AZURE_NOTICE_SEC
          ? []
          : [notAllowed([...path, 'drainTimeoutSec'], drain, `must be at most ${AZURE_NOTICE_SEC} on Azure`)]),
      ];
    }),
};

export const tagsOfPlatform: Rule = {
  id: 'tags-of-platform',
  check: (env) =>
    occurs(env, 'azure')
      ? Object.keys(env.tags)
          .filter((key) => AZURE_TAG_KEY.test(key))
          .map((key) => keyNotAllowed(['tags', key], 'must have none of < > % & \\ ? / on Azure'))
      : [],
};
