import { z } from 'zod';
import { secretSchemas } from '../secret-ref';
import { hostname } from './scalars';

/**
 * Address of a proxy. A password in it would stand in user data and in states; a message about it must not repeat it
 * either.
 */
const proxyAddress = z
  .string()
  .regex(
    /^http:\/\/[A-Za-z0-9.-]+(:\d{1,5})?$/,
    'must be http://host:port without a user name, a password or a closing slash',
  );

/** The proxy through which machines fetch what lies outside. */
export const proxySpec = z.strictObject({
  http: proxyAddress.describe('Proxy for http, also for packages').register(secretSchemas),
  https: proxyAddress.describe('Proxy for https').register(secretSchemas),
  noProxy: z
    .array(
      z
        .string()
        .regex(
          /^\.?[A-Za-z0-9*][A-Za-z0-9./-]*$/,
          'must be a name, a domain such as .example.com or a network in CIDR form',
        ),
    )
    .default([])
    .describe('Reached without it, besides what Drover adds: the sites, the domains of names, AWS'),
});
export type ProxySpec = z.output<typeof proxySpec>;

/** Where images come from, by the registry that they are named after. */
export const registriesSpec = z.record(
  hostname,
  z
    .array(z.string().regex(/^https:\/\/[\w.:/-]*[\w-]$/, 'must be an https:// address without a closing slash'))
    .min(1, 'must have at least 1 mirror'),
);
