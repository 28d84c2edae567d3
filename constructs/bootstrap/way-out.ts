import type { Environment } from '../../model/environment';
import { domainOf } from '../../model/lookup';
import type { BootstrapEnv } from './env';
import type { WaysOut } from './machine-steps';

/** Which steps the machines of an environment need before they fetch anything. */
export function waysOut({ proxy, registries }: Environment): WaysOut {
  return { proxied: proxy !== undefined, mirrored: Object.keys(registries).length > 0 };
}

/**
 * What machines are told of proxies and mirrors; it holds no secret.
 * @param cloudDomains where the platform itself answers, without the proxy
 */
export function wayOutEnvironment(
  environment: Environment,
  cloudDomains: readonly string[],
): Pick<BootstrapEnv, 'HTTP_PROXY' | 'HTTPS_PROXY' | 'NO_PROXY' | 'REGISTRY_MIRRORS'> {
  const { proxy, registries } = environment;
  const mirrors = Object.entries(registries).map(([registry, addresses]) => `${registry}=${addresses.join(',')}`);
  return {
    ...(proxy === undefined
      ? {}
      : {
          HTTP_PROXY: proxy.http,
          HTTPS_PROXY: proxy.https,
          NO_PROXY: direct(environment, [...cloudDomains, ...proxy.noProxy]).join(','),
        }),
    ...(mirrors.length === 0 ? {} : { REGISTRY_MIRRORS: mirrors.join(' ') }),
  };
}

/** The platform answers at the endpoints of the site, Rancher and the registration addresses have names of the domain. */
function direct(environment: Environment, noProxy: readonly string[]): readonly string[] {
  const { sites, domain, management } = environment;
  const networks = Object.values(sites).map((site) => site.cidr);
  const domains = [domain, ...Object.keys(sites).map((site) => domainOf(environment, site))].map((it) => `.${it}`);
  return [...new Set([...networks, ...domains, management.hostname, ...noProxy])];
}
