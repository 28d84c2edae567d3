import { Testing } from 'cdktf';
import { PrepareStack } from '../../stacks/prepare-stack';
import { labWith } from '../constructs/metal/fixture';
import { inventory, only, synthesized, type Synthesized } from '../support/synth';
import { environmentWith } from '../constructs/aws/network-fixture';

const prepared = (sections: Record<string, unknown> = {}): Synthesized & { warnings: string[] } => {
  const stack = new PrepareStack(Testing.app(), environmentWith(sections));
  const warnings = stack.node.metadata.map((entry) => String(entry.data));
  return { ...synthesized(stack), warnings };
};

const state = { kind: 's3', bucket: 'acme-drover', region: 'eu-west-1' };

test('it makes what must exist before the first deploy', () => {
  expect(inventory(prepared())).toMatchInlineSnapshot(`
   [
     "aws_kms_alias x 1",
     "aws_kms_key x 1",
     "aws_route53_zone x 1",
     "aws_s3_bucket x 1",
     "aws_s3_bucket_lifecycle_configuration x 1",
     "aws_s3_bucket_ownership_controls x 1",
     "aws_s3_bucket_policy x 1",
     "aws_s3_bucket_public_access_block x 1",
     "aws_s3_bucket_server_side_encryption_configuration x 1",
     "aws_s3_bucket_versioning x 1",
   ]
  `);
});

test('its own state is a file beside it, because the bucket for states is what it makes', () => {
  expect(JSON.parse(prepared().text)).toMatchObject({
    terraform: { backend: { local: { path: 'dev-prepare.tfstate' } } },
  });
});

test('the bucket has the name that the other stacks use, and no destroy takes it', () => {
  expect(only(prepared().resource, 'aws_s3_bucket')).toMatchObject({
    bucket: 'acme-drover',
    force_destroy: false,
    lifecycle: { prevent_destroy: true },
  });
});

test('an alias gets a key of its own, which turns', () => {
  const { resource } = prepared();
  expect(only(resource, 'aws_kms_alias')['name']).toBe('alias/drover');
  expect(only(resource, 'aws_kms_key')).toMatchObject({
    enable_key_rotation: true,
    lifecycle: { prevent_destroy: true },
  });
});

test('a key that is named by its ARN is used as it is', () => {
  const kmsKeyId = 'arn:aws:kms:eu-west-1:111122223333:key/1';
  const { resource } = prepared({ state: { ...state, kmsKeyId } });
  expect(resource).not.toHaveProperty('aws_kms_key');
  expect(JSON.stringify(only(resource, 'aws_s3_bucket_server_side_encryption_configuration'))).toContain(kmsKeyId);
});

test('the zone of the environment is made, and its name servers are told', () => {
  const { resource, text } = prepared();
  expect(only(resource, 'aws_route53_zone')['name']).toBe('dev.example.com');
  expect(JSON.parse(text)).toMatchObject({
    output: { 'name-servers': { description: "NS records to put into the zone above 'dev.example.com'" } },
  });
});

test('a zone that holds more than the environment is left to its owner', () => {
  const { resource, warnings } = prepared({ dns: { zone: 'example.com' } });
  expect(resource).not.toHaveProperty('aws_route53_zone');
  expect(warnings).toContain(
    "zone 'example.com' holds more than the domain 'dev.example.com' and is not made here; it must exist",
  );
});

test('a private zone is left to who has a network for it', () => {
  const { resource, warnings } = prepared({ dns: { zone: 'dev.example.com', public: false } });
  expect(resource).not.toHaveProperty('aws_route53_zone');
  expect(warnings).toContain(
    "zone 'dev.example.com' is private and needs a network to exist; make it and name it in 'dns.zone'",
  );
});

describe('on Azure', () => {
  const { resource, warnings } = prepared({
    dns: { zone: 'dev.example.com', resourceGroup: 'example-dns' },
    state: {
      kind: 'azurerm',
      resourceGroup: 'example-states',
      storageAccount: 'examplestates',
      container: 'states',
      location: 'westeurope',
    },
  });

  test('states lie in an account that takes identities only, keeps what was, and is never destroyed', () => {
    expect(only(resource, 'azurerm_storage_account')).toMatchObject({
      name: 'examplestates',
      shared_access_key_enabled: false,
      blob_properties: { versioning_enabled: true, delete_retention_policy: { days: 365 } },
      lifecycle: { prevent_destroy: true },
    });
    expect(only(resource, 'azurerm_storage_container')).toMatchObject({ name: 'states' });
    expect(only(resource, 'azurerm_role_assignment')).toMatchObject({
      role_definition_name: 'Storage Blob Data Contributor',
    });
  });

  test('the zone is made in its group', () => {
    expect(only(resource, 'azurerm_dns_zone')).toMatchObject({
      name: 'dev.example.com',
      resource_group_name: 'example-dns',
    });
    expect(warnings).toEqual([]);
  });
});

test('nothing is made where people keep the states and write the names', () => {
  const stack = new PrepareStack(Testing.app(), labWith());
  expect(inventory(synthesized(stack))).toEqual([]);
  expect(stack.node.metadata.map((entry) => String(entry.data))).toEqual([
    "bucket 'drover-lab' lies in a store of your own and is not made here; it must exist",
    "zone 'lab.example.com' is written by people and not made here; it must exist",
  ]);
});
