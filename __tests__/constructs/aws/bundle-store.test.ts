import { TerraformOutput } from 'cdktf';
import { only } from '../../support/synth';
import { environmentWith, inStack, networkIn } from './network-fixture';

const withBundle = (): ReturnType<typeof inStack> =>
  inStack((stack) => {
    const { bundle } = networkIn(stack, environmentWith());
    new TerraformOutput(stack, 'url', { value: bundle.url });
    new TerraformOutput(stack, 'resource', { value: bundle.resource });
  });

test('machines get the address of one version of the bundle', () => {
  const { text } = withBundle();
  expect(JSON.parse(text)).toMatchObject({
    output: {
      url: {
        value: expect.stringMatching(
          /^https:\/\/drover-dev-eu-bundle-[0-9a-f]{6}\.s3\.eu-west-1\.amazonaws\.com\/bootstrap\.tar\?versionId=\$\{aws_s3_object\.\w+\.version_id\}$/,
        ),
      },
      resource: { value: expect.stringMatching(/^\$\{aws_s3_bucket\.\w+\.arn\}\/bootstrap\.tar$/) },
    },
  });
});

test('the object follows the content of the scripts, and is written once the bucket keeps versions', () => {
  const object = only(withBundle().resource, 'aws_s3_object');
  expect(object).toMatchObject({ key: 'bootstrap.tar', source_hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(object['depends_on']).toContainEqual(expect.stringMatching(/^aws_s3_bucket_versioning\./));
});

test('the archive is named by a path inside the stack', () => {
  const { text, resource } = withBundle();
  expect(only(resource, 'aws_s3_object')['source']).toMatch(/^assets\/.*\/bootstrap\.tar$/);
  expect(text).not.toContain(process.cwd());
});

test('two synths give the same stack', () => {
  expect(withBundle().text).toBe(withBundle().text);
});

test('versions that a launch template may still name are kept, however old', () => {
  expect(only(withBundle().resource, 'aws_s3_bucket_lifecycle_configuration', 'network_bundle')).toMatchObject({
    rule: [{ noncurrent_version_expiration: [{ noncurrent_days: 365, newer_noncurrent_versions: 50 }] }],
  });
});
