/** The network of one site, as every platform offers it. */
export interface INetwork {
  /** The site's key in the environment. */
  readonly siteName: string;
  /** Region, location or data centre of the site. */
  readonly region: string;
  /** Private network of the site in CIDR form. */
  readonly cidr: string;
  /** Addresses from which machines of the site reach the world, as `/32` networks. */
  readonly egressCidrs: readonly string[];
}
