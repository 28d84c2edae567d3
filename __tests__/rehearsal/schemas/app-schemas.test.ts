import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { extractAppSchemas } from '../../../rehearsal/schemas/app-schemas';
import { projectRoot, temporaryFolder } from './project';

const folder = temporaryFolder();

const AWS = { aws: { source: 'aws', version: '6.25.0' } };
const RANDOM = { random: { source: 'hashicorp/random', version: '3.7.2' } };

/** Stacks as `cdktf synth` leaves them; each is the content of one cdk.tf.json. */
function stacks(...contents: object[]): string {
  const dir = mkdtempSync(path.join(folder, 'stacks-'));
  contents.forEach((content, index) => {
    mkdirSync(path.join(dir, `stack-${index}`));
    writeFileSync(path.join(dir, `stack-${index}`, 'cdk.tf.json'), JSON.stringify(content));
  });
  return dir;
}

function schemasOf(...contents: object[]): ReturnType<typeof extractAppSchemas> {
  return extractAppSchemas({ projectRoot, stacksDir: stacks(...contents) });
}

describe('the schemas of an app', () => {
  test('are also those of what its states still keep, until that is gone', () => {
    const states = mkdtempSync(path.join(folder, 'states-'));
    const kept = (mode: string, type: string): object => ({ mode, type, name: 'old', instances: [{}] });
    const resources = [kept('managed', 'aws_sqs_queue'), kept('data', 'aws_region'), kept('managed', 'helm_release')];
    writeFileSync(path.join(states, 'network.tfstate'), JSON.stringify({ resources }));
    const content = { terraform: { required_providers: AWS }, resource: { aws_vpc: { main: {} } } };
    const schemas = extractAppSchemas({ projectRoot, stacksDir: stacks(content), statesDir: states });
    expect([...schemas.keys()]).toEqual(['aws']);
    expect(Object.keys(schemas.get('aws')?.resource_schemas ?? {})).toEqual(['aws_sqs_queue', 'aws_vpc']);
  });

  test('are those of exactly the types in its stacks', () => {
    const schemas = schemasOf(
      {
        terraform: { required_providers: AWS },
        resource: { aws_vpc: { main: {} }, terraform_data: { renew: {} } },
        data: { aws_caller_identity: { me: {} }, terraform_remote_state: { network: {} } },
      },
      {
        terraform: { required_providers: { ...AWS, ...RANDOM } },
        resource: { aws_ssm_parameter: { join: {} } },
        ephemeral: { random_password: { join: {} }, aws_ssm_parameter: { join: {} } },
      },
    );
    const aws = schemas.get('aws');
    expect([...schemas.keys()]).toEqual(['aws', 'random']);
    expect(aws).toMatchObject({ source: 'aws', version: '6.25.0' });
    expect(Object.keys(aws?.resource_schemas ?? {})).toEqual(['aws_ssm_parameter', 'aws_vpc']);
    expect(Object.keys(aws?.data_source_schemas ?? {})).toEqual(['aws_caller_identity']);
    expect(Object.keys(aws?.ephemeral_resource_schemas ?? {})).toEqual(['aws_ssm_parameter']);
    expect(Object.keys(schemas.get('random')?.ephemeral_resource_schemas ?? {})).toEqual(['random_password']);
    expect(aws?.provider.block.attributes?.['region']).toEqual({ type: 'string', optional: true });
  });

  test('have what bindings do not know laid over them', () => {
    const schemas = schemasOf({
      terraform: { required_providers: AWS },
      resource: { aws_ssm_parameter: { join: {} } },
      data: { aws_ssm_parameter: { image: {} } },
    });
    const { resource_schemas: resources, data_source_schemas: data } = schemas.get('aws') ?? {};
    expect(resources?.['aws_ssm_parameter']?.block.attributes).toMatchObject({
      value: { type: 'string', optional: true, computed: true, sensitive: true },
      value_wo: { type: 'string', optional: true, sensitive: true, write_only: true },
    });
    expect(data?.['aws_ssm_parameter']?.block.attributes?.['value']).toEqual({
      type: 'string',
      computed: true,
      sensitive: true,
    });
  });

  test('include a type whose folder is not named after it', () => {
    const schemas = schemasOf({
      terraform: { required_providers: RANDOM },
      resource: { random_string: { suffix: {} } },
    });
    expect(schemas.get('random')?.resource_schemas['random_string']?.block.attributes).toMatchObject({
      length: { type: 'number', required: true },
      result: { type: 'string', computed: true },
    });
  });
});

describe('the schemas of an app are refused', () => {
  test('without stacks', () => {
    const stacksDir = path.join(folder, 'none');
    expect(() => extractAppSchemas({ projectRoot, stacksDir })).toThrow(
      `no synthesized stacks in '${stacksDir}', but at least one cdk.tf.json is needed; run 'npm run synth' first`,
    );
  });

  test('if stacks and bindings are of different versions', () => {
    const required = { aws: { source: 'aws', version: '6.26.0' } };
    expect(() => schemasOf({ terraform: { required_providers: required } })).toThrow(
      "provider 'aws' is required in version '6.26.0' by the stacks, but its bindings are of '6.25.0'; " +
        'synthesize again after installing',
    );
  });

  test('if two stacks require a provider differently', () => {
    const other = { aws: { source: 'aws', version: '6.24.0' } };
    expect(() =>
      schemasOf({ terraform: { required_providers: AWS } }, { terraform: { required_providers: other } }),
    ).toThrow(
      /^provider 'aws' is required as 'aws 6\.24\.0' in '.*cdk\.tf\.json' but as 'aws 6\.25\.0' elsewhere; all stacks must be synthesized by one program$/,
    );
  });

  test('if a type belongs to no provider', () => {
    expect(() => schemasOf({ terraform: { required_providers: AWS }, resource: { helm_release: {} } })).toThrow(
      /^type 'helm_release' in '.*cdk\.tf\.json' belongs to none of the required providers \(aws\); configure its provider in the stack$/,
    );
  });

  test('if a provider has no bindings', () => {
    const required = { consul: { source: 'consul', version: '2.22.0' } };
    expect(() => schemasOf({ terraform: { required_providers: required } })).toThrow(
      /^provider 'consul' has no bindings in '.*provider-consul.lib', but the stacks use it; install '@cdktf\/provider-consul', or run 'npm run prepare-bindings' for rancher2$/,
    );
  });

  test('if a type has no binding', () => {
    expect(() => schemasOf({ terraform: { required_providers: AWS }, resource: { aws_vpx: {} } })).toThrow(
      /^resource 'aws_vpx' has no binding in '.*provider-aws.lib', but the stacks use it; add the type to the bindings, or correct the type's name$/,
    );
  });

  test('if an ephemeral type is not known', () => {
    expect(() => schemasOf({ terraform: { required_providers: AWS }, ephemeral: { aws_kms_secrets: {} } })).toThrow(
      "ephemeral resource 'aws_kms_secrets' has no schema, because bindings have none of this kind; known are " +
        'aws_ssm_parameter, aws_secretsmanager_secret_version, azurerm_key_vault_secret, random_password, vault_kv_secret_v2; ' +
        "add it to rehearsal/schemas/ephemeral-schemas.ts from the provider's own schema",
    );
  });
});
