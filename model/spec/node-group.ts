import { z } from 'zod';
import { dockerSpec } from './docker';
import { instanceType, machineSpec } from './machine';
import { labelKey, labels, labelValue, slug } from './scalars';

const taint = z.strictObject({
  key: labelKey.describe('Key of the taint'),
  value: labelValue.default('').describe('Value of the taint'),
  effect: z
    .enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute'])
    .describe('What happens to pods that do not tolerate it'),
});

/** Several instance types and spot capacity in one group. */
const mixedSpec = z.strictObject({
  instanceTypes: z.array(instanceType).min(1).describe('Further instance types of the same size, tried in this order'),
  onDemandBase: z.int().min(0).default(0).describe('Machines that are always on demand'),
  onDemandPercent: z
    .int()
    .min(0)
    .max(100)
    .default(100)
    .describe('Share of on-demand machines above the base, in percent'),
});

const site = slug
  .optional()
  .describe(
    "Site of these machines, where it is another one than the cluster's; the two need a link; default: the same",
  );

/** Workers of a cloud, whose number the autoscaler owns. */
const cloudGroup = z.strictObject({
  site,
  minSize: z.int().min(0).max(1000).default(1).describe('Smallest number of machines'),
  maxSize: z.int().min(1).max(1000).describe('Largest number of machines; the autoscaler moves between the two'),
  role: z.enum(['worker', 'ingress']).default('worker').describe('ingress: takes the public traffic of the cluster'),
  machine: machineSpec.describe('What each machine is made of'),
  mixed: mixedSpec.optional().describe('Several instance types and spot capacity; default: one type, on demand'),
  spot: z
    .boolean()
    .default(false)
    .describe(
      'Whether all machines are spot machines, which the cloud may take back; on Azure a change of it replaces the group',
    ),
  labels: labels.default({}).describe('Labels of the nodes'),
  taints: z.array(taint).default([]).describe('Taints of the nodes'),
  docker: dockerSpec.optional().describe('Docker beside the cluster, for build nodes; default: none'),
  joinTimeoutSec: z
    .int()
    .min(300)
    .max(7200)
    .default(900)
    .describe('Seconds from launch to Ready before a machine is replaced'),
  healthGraceSec: z
    .int()
    .min(0)
    .max(7200)
    .default(60)
    .describe(
      'Seconds in service before a machine that the cloud calls impaired is replaced; on Azure added to joinTimeoutSec',
    ),
  drainTimeoutSec: z.int().min(30).max(7200).default(300).describe('Seconds a leaving machine has for its pods'),
});

/** Workers that are there, and join one by one. */
const metalGroup = z.strictObject({
  site,
  hosts: z.array(slug).min(1).max(100).describe('On metal: hosts of the site; each joins by itself'),
  role: cloudGroup.shape.role,
  labels: cloudGroup.shape.labels,
  taints: cloudGroup.shape.taints,
  docker: cloudGroup.shape.docker,
  joinTimeoutSec: cloudGroup.shape.joinTimeoutSec.describe('Seconds that a host has to become Ready'),
  drainTimeoutSec: cloudGroup.shape.drainTimeoutSec.describe('Seconds a leaving host has for its pods'),
});

/** A group of workers whose machines join the cluster at first boot. */
export const nodeGroupSpec = z.union([cloudGroup, metalGroup]);
export type NodeGroupSpec = z.output<typeof nodeGroupSpec>;
export type CloudGroupSpec = z.output<typeof cloudGroup>;
export type MetalGroupSpec = z.output<typeof metalGroup>;
export type TaintSpec = z.output<typeof taint>;
