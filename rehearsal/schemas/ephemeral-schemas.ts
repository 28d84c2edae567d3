import type { Attribute, Schema } from './provider-schema';

const requiredString: Attribute = { type: 'string', required: true };
const optionalString: Attribute = { type: 'string', optional: true };
const result: Attribute = { type: 'string', computed: true };
const secretResult: Attribute = { ...result, sensitive: true };
const chosenNumber: Attribute = { type: 'number', optional: true, computed: true };
const chosenSwitch: Attribute = { type: 'bool', optional: true, computed: true };

/**
 * Schemas of the ephemeral resources that Drover uses. Bindings hold none of this kind, so these are written down
 * from the providers' own.
 */
export const EPHEMERAL_SCHEMAS: Readonly<Record<string, Schema>> = {
  // hashicorp/aws v6, internal/service/ssm/parameter_ephemeral.go: the argument is `arn`, not `name`.
  aws_ssm_parameter: schemaOf({
    arn: requiredString,
    region: optionalString,
    with_decryption: { type: 'bool', optional: true },
    name: result,
    type: result,
    value: secretResult,
    version: { type: 'number', computed: true },
  }),
  // hashicorp/aws v6, internal/service/secretsmanager/secret_version_ephemeral.go
  aws_secretsmanager_secret_version: schemaOf({
    secret_id: requiredString,
    region: optionalString,
    version_id: { ...optionalString, computed: true },
    version_stage: { ...optionalString, computed: true },
    arn: result,
    created_date: result,
    secret_binary: secretResult,
    secret_string: secretResult,
    version_stages: { type: ['list', 'string'], computed: true },
  }),
  // hashicorp/azurerm v4.55.0, as `terraform providers schema -json` prints it.
  azurerm_key_vault_secret: schemaOf({
    name: requiredString,
    key_vault_id: requiredString,
    version: { ...optionalString, computed: true },
    expiration_date: result,
    not_before_date: result,
    value: result,
  }),
  // hashicorp/random 3.7.2, as `terraform providers schema -json` prints it.
  random_password: schemaOf({
    length: { type: 'number', required: true },
    lower: chosenSwitch,
    upper: chosenSwitch,
    numeric: chosenSwitch,
    special: chosenSwitch,
    min_lower: chosenNumber,
    min_upper: chosenNumber,
    min_numeric: chosenNumber,
    min_special: chosenNumber,
    override_special: optionalString,
    result: secretResult,
    bcrypt_hash: secretResult,
  }),
  // hashicorp/vault v5.6.0, internal/vault/secrets/ephemeral/kv_secret_v2.go: no attribute is marked sensitive.
  vault_kv_secret_v2: schemaOf({
    mount: requiredString,
    name: requiredString,
    version: { type: 'number', optional: true },
    mount_id: optionalString,
    namespace: optionalString,
    data: { type: ['map', 'string'], computed: true },
    data_json: result,
    custom_metadata: { type: ['map', 'string'], computed: true },
    created_time: result,
    deletion_time: result,
    destroyed: { type: 'bool', computed: true },
  }),
};

function schemaOf(attributes: Readonly<Record<string, Attribute>>): Schema {
  return { version: 0, block: { attributes } };
}
