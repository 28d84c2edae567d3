import { AWS_DOMAINS } from '../../../constructs/aws/machine-environment';
import { wayOutEnvironment, waysOut } from '../../../constructs/bootstrap/way-out';
import { cloudConfigOf, settingsOf } from './cloud-config';
import { machinesOf, withShop } from './machines-fixture';
import { only } from '../../support/synth';
import { environmentWith } from './network-fixture';

const proxy = {
  http: 'http://proxy.example.com:3128',
  https: 'http://proxy.example.com:3129',
  noProxy: ['.intranet.example', '10.20.0.0/16'],
};
const registries = {
  'docker.io': ['https://one.example.com', 'https://two.example.com:5000'],
  'quay.io': ['https://one.example.com/quay'],
};

test('an open site needs no step and no setting', () => {
  expect(waysOut(environmentWith())).toEqual({ proxied: false, mirrored: false });
  expect(wayOutEnvironment(environmentWith(), AWS_DOMAINS)).toEqual({});
});

test('what lies in the sites, in the domain and at AWS is reached without the proxy, each named once', () => {
  expect(waysOut(environmentWith({ proxy }))).toEqual({ proxied: true, mirrored: false });
  expect(wayOutEnvironment(environmentWith({ proxy }), AWS_DOMAINS)).toEqual({
    HTTP_PROXY: 'http://proxy.example.com:3128',
    HTTPS_PROXY: 'http://proxy.example.com:3129',
    NO_PROXY:
      '10.20.0.0/16,.dev.example.com,rancher.dev.example.com,.amazonaws.com,.amazonaws.com.cn,.intranet.example',
  });
});

test('mirrors are told in the order in which they are tried', () => {
  expect(waysOut(environmentWith({ registries }))).toEqual({ proxied: false, mirrored: true });
  expect(wayOutEnvironment(environmentWith({ registries }), AWS_DOMAINS)).toEqual({
    REGISTRY_MIRRORS:
      'docker.io=https://one.example.com,https://two.example.com:5000 quay.io=https://one.example.com/quay',
  });
});

describe('the machines of a member behind a proxy', () => {
  const { resource } = machinesOf({ ...withShop(), proxy, registries });
  const settings = [
    ['server', only(resource, 'aws_instance', 'machines_servers_s1')['user_data_base64']],
    ['worker', only(resource, 'aws_launch_template', 'machines_groups_workers')['user_data']],
  ] as const;

  test.each(settings)('a %s is told before it fetches anything', (_, userData) => {
    const config = cloudConfigOf(userData);
    const told = settingsOf(config);
    expect(told).toContain("HTTPS_PROXY='http://proxy.example.com:3129'\n");
    expect(told).toContain("REGISTRY_MIRRORS='docker.io=https://one.example.com,https://two.example.com:5000 quay.io");
    expect(told).toMatch(/STEPS='05-proxy 10-host 15-registries /);
    // What EC2 takes, with room for the longest lists that people write.
    expect(config.bytes).toBeLessThan(8192);
  });
});
