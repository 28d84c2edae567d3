import type { Environment } from '../../model/environment';
import { environmentWith } from './aws/network-fixture';

const aws = { instanceType: 'm7i.large', image: 'ami-0123456789abcdef0' };
const azure = { instanceType: 'Standard_D2s_v5', image: 'Canonical:ubuntu-24_04-lts:server:24.04.202606060' };
const hostKey = `ssh-ed25519 ${'A'.repeat(68)}`;

export const sites = {
  eu: { platform: 'aws', region: 'eu-west-1', cidr: '10.20.0.0/16' },
  us: { platform: 'aws', region: 'us-east-1', cidr: '10.21.0.0/16' },
  weu: {
    platform: 'azure',
    location: 'westeurope',
    cidr: '10.30.0.0/16',
    adminPublicKey: `ssh-ed25519 ${'A'.repeat(68)} test`,
  },
  dc1: {
    platform: 'metal',
    region: 'paris-dc1',
    cidr: '10.40.0.0/24',
    egressCidrs: ['192.0.2.0/28'],
    hosts: {
      'kv-07': { address: '10.40.0.41', hostKey, rack: 'rack-a' },
      'kv-08': { address: '10.40.0.42', hostKey, rack: 'rack-b' },
    },
  },
};

const groups: Readonly<Record<string, object>> = {
  workers: { maxSize: 3, machine: aws },
  us: { site: 'us', maxSize: 1, machine: aws },
  weu: { site: 'weu', maxSize: 1, machine: azure },
  dc1: { site: 'dc1', hosts: ['kv-07', 'kv-08'] },
};

/** An environment whose member `shop` is at home in `eu` and has these groups: `workers` there, the others as guests. */
export function mixedWith(names: readonly string[], sections: Readonly<Record<string, unknown>> = {}): Environment {
  const nodeGroups = Object.fromEntries(names.map((name) => [name, groups[name]]));
  return environmentWith({
    sites,
    secrets: { kind: 'vault', address: 'https://vault.example.com:8200' },
    links: [
      { sites: ['eu', 'us'], kind: 'peering' },
      { sites: ['weu', 'eu'] },
      { sites: ['eu', 'dc1'] },
      { sites: ['us', 'weu'] },
      { sites: ['us', 'dc1'] },
      { sites: ['weu', 'dc1'] },
    ],
    clusters: { shop: { site: 'eu', servers: { machine: aws }, nodeGroups } },
    ...sections,
  });
}
