import { isAzureSize } from '../machine-words';
import { notAllowed } from '../problem';
import type { Problem } from '../problem';
import { machinesOf, cloudGroupsOf } from './rule';
import type { Rule } from './rule';

type Architecture = 'amd64' | 'arm64';

export const imageFitsInstanceType: Rule = {
  id: 'image-fits-instance-type',
  check: (env) =>
    machinesOf(env).flatMap(({ path, value: { image, instanceType } }) => {
      const [has, needs] = [imageArchitecture(image), instanceArchitecture(instanceType)];
      return has === undefined || has === needs
        ? []
        : [notAllowed([...path, 'image'], image, `must be an image for ${needs}, which "${instanceType}" is`)];
    }),
};

export const mixedTypesOfOneArchitecture: Rule = {
  id: 'mixed-types-of-one-architecture',
  check: (env) =>
    cloudGroupsOf(env).flatMap(({ path, value: { mixed, machine } }) => {
      const needs = instanceArchitecture(machine.instanceType);
      return (mixed?.instanceTypes ?? []).flatMap((type, index): Problem[] =>
        instanceArchitecture(type) === needs
          ? []
          : [
              notAllowed(
                [...path, 'mixed', 'instanceTypes', index],
                type,
                `must be ${needs} like the machine's own type ("${machine.instanceType}"): a group has one image`,
              ),
            ],
      );
    }),
};

/**
 * A size of Azure carries a "p" among the letters after the number of processors (D4ps_v5, E2pds_v6).
 * @see https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions
 */
const AZURE_ARM = /^Standard_[A-Z]+\d+(-\d+)?[a-z]*p[a-z]*(_|$)/;

/**
 * Graviton types carry a "g" right after the generation (m7g, c7gn, is4gen); a1 came before that scheme.
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
 */
function instanceArchitecture(instanceType: string): Architecture {
  if (isAzureSize(instanceType)) return AZURE_ARM.test(instanceType) ? 'arm64' : 'amd64';
  return /^(a1|[a-z]+\d+g[a-z]*)\./.test(instanceType) ? 'arm64' : 'amd64';
}

/** What the path of a public image parameter says; an image id says nothing. */
function imageArchitecture(image: string): Architecture | undefined {
  if (/\b(arm64|aarch64)\b/.test(image)) return 'arm64';
  return /\b(amd64|x86_64)\b/.test(image) ? 'amd64' : undefined;
}
