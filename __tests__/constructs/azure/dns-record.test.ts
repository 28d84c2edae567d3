import { DnsRecord } from '../../../constructs/azure/dns-record';
import { only, type Synthesized } from '../../support/synth';
import { environmentWith, inStack } from './fixture';

const record = (name: string, dns: object = {}): Synthesized =>
  inStack((stack) => {
    const environment = environmentWith({
      dns: { zone: 'staging.example.com', resourceGroup: 'example-dns', ...dns },
    });
    new DnsRecord(stack, 'it', { environment, siteName: 'weu', name, addresses: ['10.30.240.11', '10.30.241.12'] });
  });

test.each([
  ['api.shop.staging.example.com', 'api.shop'],
  ['*.shop.staging.example.com', '*.shop'],
  ['staging.example.com', '@'],
])('%s is %s in its zone', (name, label) => {
  expect(only(record(name).resource, 'azurerm_dns_a_record')).toMatchObject({
    name: label,
    zone_name: 'staging.example.com',
    resource_group_name: 'example-dns',
    ttl: 300,
    records: ['10.30.240.11', '10.30.241.12'],
  });
});

test('a private zone has records of its own kind', () => {
  const { resource } = record('api.shop.staging.example.com', { public: false });
  expect(only(resource, 'azurerm_private_dns_a_record')).toMatchObject({ name: 'api.shop', ttl: 300 });
  expect(resource).not.toHaveProperty('azurerm_dns_a_record');
});

test.each(['shop.example.org', 'notstaging.example.com'])('%s is outside the zone and is refused', (name) => {
  expect(() => record(name)).toThrow(
    `'${name}' does not lie in the zone 'staging.example.com'; choose a name that ends in '.staging.example.com'`,
  );
});

test('an environment whose names lie elsewhere is refused', () => {
  expect(() => record('api.shop.staging.example.com', { resourceGroup: undefined })).toThrow(
    "zone 'staging.example.com' has no resource group; a site on Azure needs 'dns.resourceGroup'",
  );
});
