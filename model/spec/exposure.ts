import { z } from 'zod';
import { cidr } from './scalars';

/** Whether the load balancer of 80 and 443 has public addresses. */
export const exposure = z.enum(['internal', 'public']).default('internal');

/** Networks that may use a load balancer. */
export const allowedCidrs = z.array(cidr).default([]);

/** Who may reach the web traffic of a member cluster. */
export const webSpec = z.strictObject({
  exposure: exposure.describe('Whether 80/443 have public addresses; takes effect with an ingress group'),
  allowedCidrs: allowedCidrs.describe('Networks that may use 80/443, 0.0.0.0/0 for everybody; its site is added'),
});
export type WebSpec = z.output<typeof webSpec>;
