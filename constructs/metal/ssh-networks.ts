import type { Network } from './network';

/**
 * Networks that SSH comes from: the site, and from outside whoever hosts are reached by: a bastion, or without one whoever
 * may deploy.
 * @param deployers networks of those who may deploy
 */
export function sshCidrs({ cidr, site }: Pick<Network, 'cidr' | 'site'>, deployers: readonly string[]): string[] {
  const { bastion } = site.ssh;
  const outside = bastion === undefined ? deployers : /^[\d.]+$/.test(bastion.host) ? [`${bastion.host}/32`] : [];
  return [...new Set([cidr, ...outside])];
}
