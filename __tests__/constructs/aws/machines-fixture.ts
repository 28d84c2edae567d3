import type { TerraformStack } from 'cdktf';
import { MemberFoundation } from '../../../constructs/aws/member-foundation';
import { MemberMachines } from '../../../constructs/aws/member-machines';
import { RancherRegistration } from '../../../constructs/bootstrap/rancher-registration';
import { SecretStore } from '../../../constructs/aws/secret-store';
import type { Environment } from '../../../model/environment';
import { raisedMembers } from '../../../model/lookup';
import type { ClusterSpec } from '../../../model/spec/cluster';
import type { Synthesized } from '../../support/synth';
import { environmentWith, inStack, networkIn } from './network-fixture';

const image = '/aws/service/canonical/ubuntu/server/24.04/stable/20260714/amd64/hvm/ebs-gp3/ami-id';
export const machine = { instanceType: 'm7i.large', image };

/** An environment whose member `shop` has these parts in place of its own. */
export function withShop(parts: Readonly<Record<string, unknown>> = {}): Environment {
  return environmentWith({
    clusters: {
      shop: { site: 'eu', servers: { machine }, nodeGroups: { workers: { maxSize: 3, machine } }, ...parts },
    },
  });
}

/** The machines of `shop`, in one stack with all they stand on. */
export function machinesOf(environment: Environment, networkOf: Environment = environment): Synthesized {
  return inStack((stack) => shopMachines(stack, environment, networkOf));
}

function shopMachines(stack: TerraformStack, environment: Environment, networkOf: Environment): void {
  const owner = { environment, network: networkIn(stack, networkOf), clusterName: 'shop' };
  const store = new SecretStore(stack, 'secrets', { ...owner, kmsKeyArn: owner.network.kmsKeyArn });
  const spec = shopOf(environment);
  new MemberMachines(stack, 'machines', {
    ...owner,
    spec,
    foundation: new MemberFoundation(stack, 'foundation', { ...owner, spec }),
    registration: new RancherRegistration(stack, 'registration', {
      store,
      url: 'https://rancher.dev.example.com',
      token: 'canary-registration-token',
      caChecksum: 'none',
      version: 1,
    }),
  });
}

function shopOf(environment: Environment): ClusterSpec {
  const shop = raisedMembers(environment)['shop'];
  if (shop === undefined) throw new Error("the fixture's environment has no cluster 'shop'");
  return shop;
}
