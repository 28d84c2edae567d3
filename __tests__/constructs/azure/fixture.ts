import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import type { TerraformStack } from 'cdktf';
import { Network } from '../../../constructs/azure/network';
import type { Environment } from '../../../model/environment';
import { environmentSpec } from '../../../model/spec/environment';
import { stackWith, synthesized, type Synthesized } from '../../support/synth';

export const machine = {
  instanceType: 'Standard_D2s_v5',
  image: 'Canonical:ubuntu-24_04-lts:server:24.04.202606060',
};

const site = {
  platform: 'azure',
  location: 'westeurope',
  cidr: '10.30.0.0/16',
  adminPublicKey: `ssh-ed25519 ${'A'.repeat(68)} test`,
};

/** A small valid environment on Azure; the sections given replace its own. */
export function environmentWith(sections: Readonly<Record<string, unknown>> = {}): Environment {
  const spec = environmentSpec.parse({
    name: 'staging',
    domain: 'staging.example.com',
    dns: { zone: 'staging.example.com', resourceGroup: 'example-dns' },
    state: {
      kind: 'azurerm',
      resourceGroup: 'example-states',
      storageAccount: 'examplestates',
      container: 'states',
      location: 'westeurope',
    },
    secrets: { kind: 'keyvault', nameSuffix: '1', allowedCidrs: ['203.0.113.7/32'] },
    sites: { weu: site },
    management: { site: 'weu', hostname: 'rancher.staging.example.com', servers: { machine } },
    clusters: { shop: { site: 'weu', servers: { machine }, nodeGroups: { workers: { maxSize: 3, machine } } } },
    ...sections,
  });
  return { ...spec, file: 'environments/staging.yaml' };
}

/** The environment with other settings of its site. */
export const withSite = (changes: object): Environment => environmentWith({ sites: { weu: { ...site, ...changes } } });

/** The environment with a bastion for people from these networks. */
export function withBastion(allowedCidrs: readonly string[] = ['203.0.113.0/24'], sections: object = {}): Environment {
  const management = { site: 'weu', hostname: 'rancher.staging.example.com', allowedCidrs, servers: { machine } };
  return environmentWith({ sites: { weu: { ...site, bastion: true } }, management, ...sections });
}

/** An environment whose member `shop` has these parts in place of its own. */
export function withShop(parts: Readonly<Record<string, unknown>> = {}): Environment {
  const shop = { site: 'weu', servers: { machine }, nodeGroups: { workers: { maxSize: 3, machine } }, ...parts };
  return environmentWith({ clusters: { shop } });
}

/** A stack for constructs of Azure alone. */
export function emptyStack(): TerraformStack {
  return stackWith((stack) => {
    new AzurermProvider(stack, 'azurerm', { features: [{}] });
  });
}

/** Synthesizes what `build` puts into an empty stack. */
export function inStack(build: (stack: TerraformStack) => void): Synthesized {
  const stack = emptyStack();
  build(stack);
  return synthesized(stack);
}

/** The environment's network `weu`, in the same stack as what stands in it. */
export function networkIn(stack: TerraformStack, environment: Environment): Network {
  return new Network(stack, 'network', { environment, siteName: 'weu' });
}
