import { Testing } from 'cdktf';
import { pins } from '../../model/versions';
import { ClusterStack } from '../../stacks/cluster-stack';
import { ManagementServersStack } from '../../stacks/management-servers-stack';
import { NetworkStack } from '../../stacks/network-stack';
import { cloudConfigOf } from '../constructs/aws/cloud-config';
import { machine } from '../constructs/aws/machines-fixture';
import { only, synthesized } from '../support/synth';
import { environmentWith } from '../constructs/aws/network-fixture';

const amd64 = 'a'.repeat(64);
const arm64 = 'b'.repeat(64);
const mirror = 'https://mirror.example.com/rke2';

/** Lines about RKE2 of what the first management server is told. */
function toldManagement(rke2: object, management: object = {}): string[] {
  const environment = environmentWith({
    rke2,
    management: { site: 'eu', hostname: 'rancher.dev.example.com', servers: { machine }, ...management },
  });
  const app = Testing.app();
  const { site } = new NetworkStack(app, environment, 'eu');
  const stack = synthesized(new ManagementServersStack(app, environment, { site, siteEgress: [] }));
  return rke2Lines(only(stack.resource, 'aws_instance', 'management_servers_s1')['user_data_base64']);
}

function rke2Lines(userData: unknown): string[] {
  const env = cloudConfigOf(userData).files['/etc/drover/bootstrap.env'] ?? '';
  return env
    .split('\n')
    .filter((line) => line.startsWith('RKE2_'))
    .sort();
}

test('a management server gets a release of RKE2 and takes the rest from the step', () => {
  expect(toldManagement({})).toEqual([`RKE2_VERSION='${pins.rke2}'`]);
});

test('a management server is told of a mirror', () => {
  expect(toldManagement({ artifactUrl: mirror })).toEqual([
    `RKE2_ARTIFACT_URL='${mirror}'`,
    `RKE2_VERSION='${pins.rke2}'`,
  ]);
});

test('a management server is told the checksums of its own version, and of no other', () => {
  const sha256 = { [pins.rke2]: { amd64, arm64 }, 'v1.34.1+rke2r1': { amd64: 'c'.repeat(64) } };
  expect(toldManagement({ sha256 })).toEqual([
    `RKE2_SHA256_AMD64='${amd64}'`,
    `RKE2_SHA256_ARM64='${arm64}'`,
    `RKE2_VERSION='${pins.rke2}'`,
  ]);
  expect(toldManagement({ sha256 }, { kubernetesVersion: 'v1.34.1+rke2r1' })).toEqual([
    `RKE2_SHA256_AMD64='${'c'.repeat(64)}'`,
    "RKE2_VERSION='v1.34.1+rke2r1'",
  ]);
  expect(toldManagement({ sha256: { [pins.rke2]: { arm64 } } })).not.toContain(`RKE2_SHA256_AMD64='${amd64}'`);
});

test('a machine of a member is told nothing of it: Rancher brings RKE2 there', () => {
  const environment = environmentWith({ rke2: { artifactUrl: mirror, sha256: { [pins.rke2]: { amd64 } } } });
  const app = Testing.app();
  const { site } = new NetworkStack(app, environment, 'eu');
  const adminToken = {
    name: '/drover/dev/management/token',
    handle: 'arn:aws:ssm:eu-west-1:1:parameter/t',
    region: 'eu-west-1',
  };
  const rancher = { url: 'https://rancher.dev.example.com', adminToken };
  const { resource } = synthesized(new ClusterStack(app, environment, 'shop', { site, rancher }));
  expect(rke2Lines(only(resource, 'aws_instance', 'machines_servers_s1')['user_data_base64'])).toEqual([]);
});
