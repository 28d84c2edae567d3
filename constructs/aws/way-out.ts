import type { Environment } from '../../model/environment';
import type { BootstrapEnv } from '../bootstrap/env';
import type { WaysOut } from '../bootstrap/step';

/** Which steps the machines of an environment need before they fetch anything. */
export function waysOut({ proxy, registries }: Environment): WaysOut {
  return { proxied: proxy !== undefined, mirrored: Object.keys(registries).length > 0 };
}

/** What machines are told of proxies and mirrors; it holds no secret. */
export function wayOutEnvironment(
  environment: Environment,
): Pick<BootstrapEnv, 'HTTP_PROXY' | 'HTTPS_PROXY' | 'NO_PROXY' | 'REGISTRY_MIRRORS'> {
  const { proxy, registries } = environment;
  const mirrors = Object.entries(registries).map(([registry, addresses]) => `${registry}=${addresses.join(',')}`);
  return {
    ...(proxy === undefined
      ? {}
      : { HTTP_PROXY: proxy.http, HTTPS_PROXY: proxy.https, NO_PROXY: direct(environment, proxy.noProxy).join(',') }),
    ...(mirrors.length === 0 ? {} : { REGISTRY_MIRRORS: mirrors.join(' ') }),
  };
}

/** AWS answers at the endpoints of the site, Rancher and the registration addresses have names of the domain. */
function direct({ sites, domain, management }: Environment, noProxy: readonly string[]): readonly string[] {
  const networks = Object.values(sites).map((site) => site.cidr);
  return [
    ...new Set([...networks, `.${domain}`, management.hostname, '.amazonaws.com', '.amazonaws.com.cn', ...noProxy]),
  ];
}
