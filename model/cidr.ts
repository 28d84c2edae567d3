import { notANetwork } from './errors';

/** An IPv4 network. */
export interface Cidr {
  /** Network address as an unsigned 32-bit number. */
  readonly base: number;
  /** Prefix length, 0 to 32. */
  readonly prefix: number;
}

/** Parses '10.20.0.0/16'. Host bits are cut off; `isAligned` tells whether there were any. */
export function parseCidr(text: string): Cidr {
  const match = /^((?:\d{1,3}\.){3}\d{1,3})\/(\d{1,2})$/.exec(text);
  if (match?.[1] === undefined) throw notANetwork(text);
  const prefix = Number(match[2]);
  const address = parseAddress(match[1]);
  return { base: address - (address % sizeOf({ base: 0, prefix })), prefix };
}

/** An IPv4 address as an unsigned 32-bit number. */
export function parseAddress(text: string): number {
  return text.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

/** An unsigned 32-bit number as an IPv4 address. */
export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join('.');
}

export function formatCidr(cidr: Cidr): string {
  return `${formatAddress(cidr.base)}/${cidr.prefix}`;
}

/** Whether '10.20.0.0/16' is written with its network address. */
export function isAligned(text: string): boolean {
  return formatCidr(parseCidr(text)) === text;
}

/** Number of addresses, the network and broadcast address included. */
export function sizeOf(cidr: Cidr): number {
  return 2 ** (32 - cidr.prefix);
}

export function containsAddress(cidr: Cidr, address: number): boolean {
  return address >= cidr.base && address < cidr.base + sizeOf(cidr);
}

/** Whether `inner` lies wholly in `outer`. */
export function containsNetwork(outer: Cidr, inner: Cidr): boolean {
  return inner.prefix >= outer.prefix && containsAddress(outer, inner.base);
}

export function overlaps(one: Cidr, other: Cidr): boolean {
  return containsNetwork(one, other) || containsNetwork(other, one);
}

/** The network `bits` longer than `cidr` with that index; like Terraform's cidrsubnet. */
export function subnetOf(cidr: Cidr, bits: number, index: number): Cidr {
  const prefix = cidr.prefix + bits;
  return { base: cidr.base + index * sizeOf({ base: 0, prefix }), prefix };
}
