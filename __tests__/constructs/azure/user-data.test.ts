import { readFileSync } from 'node:fs';
import { AZURE_DOMAINS } from '../../../constructs/azure/machine-environment';
import { machineUserData } from '../../../constructs/azure/user-data';
import { wayOutEnvironment } from '../../../constructs/bootstrap/way-out';
import { cloudConfigOf, settingsOf } from '../aws/cloud-config';
import { only } from '../../support/synth';
import { environmentWith, withShop } from './fixture';
import { machinesOf } from './machines-fixture';

const proxy = {
  http: 'http://proxy.example.com:3128',
  https: 'http://proxy.example.com:3129',
  noProxy: ['.intranet.example'],
};

const rendered = (bytes: number): string =>
  machineUserData({
    env: {
      DROVER_ENV: 'staging',
      DROVER_CLOUD: 'azure',
      DROVER_REGION: 'westeurope',
      DROVER_CLUSTER: 'shop',
      DROVER_SITE: 'weu',
      DROVER_ROLE: 'worker',
      BUNDLE_URL: 'https://example.org/bootstrap.tar',
      BUNDLE_SHA256: 'abc',
      REGION: 'westeurope',
    },
    steps: ['10-host'],
    files: [{ path: '/etc/drover/large', content: 'x'.repeat(bytes), permissions: '0600' }],
    what: "node group 'workers' of cluster 'shop'",
  });

test('custom data that is larger than Azure takes it is refused, part by part', () => {
  // Files travel in base64.
  expect(() => rendered(42_000)).not.toThrow();
  expect(() => rendered(45_000)).toThrow(
    /^user data of node group 'workers' of cluster 'shop' has 6\d{4} bytes, at most 65535 are allowed \(https:\/\/learn\.microsoft\.com\/azure\/virtual-machines\/custom-data\); .*, \/etc\/drover\/large: 60\d{3}; shorten the largest part, or let a step fetch it$/,
  );
});

test('what lies in the sites, in the domain and at Azure is reached without the proxy', () => {
  expect(wayOutEnvironment(environmentWith({ proxy }), AZURE_DOMAINS)).toMatchObject({
    NO_PROXY:
      '10.30.0.0/16,.staging.example.com,rancher.staging.example.com,.azure.com,.azure.net,.windows.net,.intranet.example',
  });
});

describe('a machine behind a proxy', () => {
  const { resource } = machinesOf({ ...withShop(), proxy });
  const config = cloudConfigOf(only(resource, 'azurerm_linux_virtual_machine_scale_set')['custom_data']);

  test('is told before it fetches anything, and keeps its pods off its metadata before it joins', () => {
    expect(settingsOf(config)).toContain("HTTPS_PROXY='http://proxy.example.com:3129'\n");
    expect(settingsOf(config)).toMatch(/STEPS='05-proxy 10-host 12-pod-metadata .*60-rancher-agent/);
  });

  test('finds the fetchers verbatim', () => {
    expect(config.files['/opt/drover/fetch-azure.sh']).toBe(readFileSync('userdata/fetch-azure.sh', 'utf8'));
    expect(config.files['/opt/drover/fetch.sh']).toBe(readFileSync('userdata/fetch.sh', 'utf8'));
  });

  test('is told no secret: the registration token of the cluster is nowhere in it', () => {
    expect(JSON.stringify(config)).not.toContain('canary-registration-token');
  });
});
