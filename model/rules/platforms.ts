import { isAzureImage, isAzureSize } from '../machine-words';
import { keyNotAllowed, notAllowed } from '../problem';
import type { Problem } from '../problem';
import { cloudGroupsOf, machinesOf, onPlatform, platformOf } from './rule';
import type { Rule } from './rule';

/** A new machine is judged by its health once this time is over. @see https://learn.microsoft.com/azure/virtual-machine-scale-sets/virtual-machine-scale-sets-automatic-instance-repairs */
const AZURE_JOIN = { leastSec: 600, mostSec: 5400 };

/** Longest notice before a machine is taken away. @see https://learn.microsoft.com/azure/virtual-machine-scale-sets/virtual-machine-scale-sets-terminate-notification */
const AZURE_NOTICE_SEC = 900;

/** @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations */
const AZURE_TAG_KEY = /[<>%&\\?/]/;

export const sitesOfOnePlatform: Rule = {
  id: 'sites-of-one-platform',
  check: ({ sites }) => {
    const [first, ...others] = Object.entries(sites);
    return others.flatMap(([name, { platform }]) =>
      first === undefined || platform === first[1].platform
        ? []
        : [
            notAllowed(
              ['sites', name, 'platform'],
              platform,
              `must be "${first[1].platform}" like site "${first[0]}": names and secrets of one environment lie with one platform`,
            ),
          ],
    );
  },
};

export const dnsOfPlatform: Rule = {
  id: 'dns-of-platform',
  check: (env) => {
    const { resourceGroup } = env.dns;
    switch (platformOf(env)) {
      case 'aws':
        return resourceGroup === undefined
          ? []
          : [
              notAllowed(
                ['dns', 'resourceGroup'],
                resourceGroup,
                'must be left out: sites on AWS have a Route 53 zone',
              ),
            ];
      case 'azure':
        return resourceGroup === undefined
          ? [{ path: ['dns', 'resourceGroup'], text: 'is missing: sites on Azure have an Azure DNS zone' }]
          : [];
      case 'metal':
        return resourceGroup === undefined
          ? []
          : [notAllowed(['dns', 'resourceGroup'], resourceGroup, 'must be left out: no records are written on metal')];
      case undefined:
        return [];
    }
  },
};

export const secretsOfPlatform: Rule = {
  id: 'secrets-of-platform',
  check: (env) => {
    const platform = platformOf(env);
    const kind = env.secrets?.kind;
    if (platform === undefined || kind === undefined) return [];
    const own = { aws: 'ssm', azure: 'keyvault', metal: 'vault' }[platform];
    return kind === own ? [] : [notAllowed(['secrets', 'kind'], kind, `must be "${own}", the store of the sites`)];
  },
};

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
              'must be left out: a Uniform scale set of Azure has one size and one price',
            ),
          ],
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
    platformOf(env) !== 'azure'
      ? []
      : Object.keys(env.tags)
          .filter((key) => AZURE_TAG_KEY.test(key))
          .map((key) => keyNotAllowed(['tags', key], 'must have none of < > % & \\ ? / on Azure')),
};
