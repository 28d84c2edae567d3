import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { TerraformStack } from 'cdktf';
import { Network } from '../../../constructs/aws/network';
import type { Environment } from '../../../model/environment';
import { environmentSpec } from '../../../model/spec/environment';
import { stackWith, synthesized, type Synthesized } from '../../support/synth';

const machine = { instanceType: 'm7i.large', image: 'ami-0123456789abcdef0' };

/** A small valid environment; the sections given replace its own. */
export function environmentWith(sections: Readonly<Record<string, unknown>> = {}): Environment {
  const spec = environmentSpec.parse({
    name: 'dev',
    domain: 'dev.example.com',
    dns: { zone: 'dev.example.com' },
    state: { kind: 's3', bucket: 'acme-drover', region: 'eu-west-1', kmsKeyId: 'alias/drover' },
    sites: { eu: { platform: 'aws', region: 'eu-west-1', cidr: '10.20.0.0/16' } },
    management: { site: 'eu', hostname: 'rancher.dev.example.com', servers: { machine } },
    clusters: {
      shop: { site: 'eu', servers: { machine }, nodeGroups: { workers: { maxSize: 3, machine } } },
    },
    ...sections,
  });
  return { ...spec, file: 'environments/dev.yaml' };
}

/** Synthesizes what `build` puts into an empty stack. */
export function inStack(build: (stack: TerraformStack) => void): Synthesized {
  return synthesized(
    stackWith((stack) => {
      new AwsProvider(stack, 'aws', { region: 'eu-west-1' });
      build(stack);
    }),
  );
}

/** The environment's network `eu`, in the same stack as what stands in it. */
export function networkIn(stack: TerraformStack, environment: Environment): Network {
  return new Network(stack, 'network', { environment, siteName: 'eu' });
}
