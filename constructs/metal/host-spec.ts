import type { HostSpec } from '../../model/spec/host';
import type { MetalSiteSpec } from '../../model/spec/site';
import { noSuchHost } from './errors';

/** A host of a site. Throws for one that the site does not have. */
export function hostOf(site: MetalSiteSpec, siteName: string, host: string): HostSpec {
  const spec = site.hosts[host];
  if (spec === undefined) throw noSuchHost(host, siteName, Object.keys(site.hosts));
  return spec;
}
