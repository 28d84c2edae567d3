load helper

setup() {
  setup_machine
  # shellcheck source=../../userdata/lib.sh
  . "$BOOTSTRAP_LIB"
  set +o nounset +o pipefail
}

# store KIND: as a step would choose it
store() {
  export SECRET_STORE=$1
  # shellcheck source=../../userdata/lib/secret.sh
  . "${LIB_DIR}/secret.sh"
}

private() {
  place "$1" "$2"
  chmod 600 "${DROVER_ROOT}$1"
}

@test "SSM is the store where none is named" {
  answers_of_identity
  parameter /drover/join hush
  store ''
  run secret_get /drover/join
  ended 0
  [ "$output" = hush ]
}

@test "waiting for a secret passes over the placeholder" {
  answers_of_identity
  parameter /p ready
  parameter /p pending 2
  store ssm
  run secret_await /p 60
  ended 0
  [ "$output" = ready ]
  [ "$(grep -c '^sleep ' "$CALLS")" -eq 2 ]
}

@test "waiting for a secret ends at the deadline" {
  answers_of_identity
  parameter /p pending
  store ssm
  run secret_await /p 20
  ended 3
  said "waiting for parameter '/p' to be other than 'pending'"
}

@test "a secret of Key Vault is read by the managed identity, and no token stands in an argument" {
  answer metadata/identity/oauth2/token '{"access_token": "azure-token", "expires_in": "86399"}'
  answer /secrets/join-secret '{"value": "hush", "id": "x"}'
  KEY_VAULT_URL=https://acme-dev.vault.azure.net
  store keyvault
  run secret_get join-secret
  ended 0
  [ "$output" = hush ]
  called '--header Metadata: true http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fvault.azure.net'
  called 'https://acme-dev.vault.azure.net/secrets/join-secret?api-version=7.4'
  requested 'header = "Authorization: Bearer azure-token"'
  not_called azure-token
}

@test "a machine of several identities says which one, in whichever cloud the vault is" {
  answer metadata/identity/oauth2/token '{"access_token": "azure-token"}'
  answer /secrets/join-secret '{"value": "hush"}'
  KEY_VAULT_IDENTITY=id-1
  KEY_VAULT_URL=https://acme.vault.azure.cn
  store keyvault
  run secret_get join-secret
  ended 0
  called 'resource=https%3A%2F%2Fvault.azure.cn&client_id=id-1'
}

@test "what Key Vault refuses is named with its answer, a name that it can't have before it is asked" {
  answer metadata/identity/oauth2/token '{"access_token": "azure-token"}'
  answer /secrets/join-secret '{"error": {"code": "Forbidden"}}' 22
  KEY_VAULT_URL=https://acme.vault.azure.net
  store keyvault
  run secret_get join-secret
  ended 1
  said "could not read secret 'join-secret' of 'https://acme.vault.azure.net': {\"error\": {\"code\": \"Forbidden\"}}"
  run secret_get /a/b
  ended 2
  said "'/a/b' is not the name of a secret in Key Vault"
}

@test "a machine without a managed identity asks Key Vault for nothing" {
  KEY_VAULT_URL=https://acme.vault.azure.net
  store keyvault
  run secret_get join-secret
  ended 1
  said "this machine's identity gives no token"
  not_called /secrets/
}

@test "a secret is published where machines can write, and nowhere else" {
  answers_of_azure
  answer 'request = "PUT"' '{"id": "x"}'
  store keyvault
  run secret_put join-secret 'a"b'
  ended 0
  requested 'data = "{\"value\":\"a\\\"b\"}"'
  not_called 'a"b'
  answer 'request = "PUT"' '{"error": {"code": "Forbidden"}}' 22
  run secret_put join-secret v
  ended 1
  said "could not write secret 'join-secret' of 'https://acme-dev.vault.azure.net': {\"error\": {\"code\": \"Forbidden\"}}"
  run secret_put /a/b v
  ended 2
  said "'/a/b' is not the name of a secret in Key Vault"
  store file
  run secret_put join-secret v
  ended 2
  said "'SECRET_STORE' is 'file', machines can publish to ssm, keyvault and vault alone"
}

@test "a secret of Vault is read by AppRole, and neither token nor secret id stands in an argument" {
  private /etc/drover/vault-secret-id 'role"secret'
  answer auth/approle/login '{"auth": {"client_token": "vault-token"}}'
  answer v1/kv/data/shop/join '{"data": {"data": {"secret": "hush"}, "metadata": {}}}'
  VAULT_ROLE_ID=role-1 VAULT_NAMESPACE=team
  VAULT_ADDR=https://vault.example.org:8200
  store vault
  run secret_get kv/shop/join#secret
  ended 0
  [ "$output" = hush ]
  called 'https://vault.example.org:8200/v1/kv/data/shop/join'
  requested 'data = "{\"role_id\":\"role-1\",\"secret_id\":\"role\\\"secret\"}"'
  requested 'header = "X-Vault-Token: vault-token"'
  requested 'header = "X-Vault-Namespace: team"'
  for secret in vault-token role\"secret; do not_called "$secret"; done
}

@test "Vault's refusals are named, and a role without its secret logs in nowhere" {
  VAULT_ADDR=https://vault.example.org
  VAULT_ROLE_ID=role-1
  store vault
  run secret_get kv/join#secret
  ended 1
  said "'/etc/drover/vault-secret-id' is missing or empty"
  not_called curl
  private /etc/drover/vault-secret-id s
  answer auth/approle/login '{"auth": {"client_token": "t"}}'
  answer v1/kv/data/join '{"errors": ["permission denied"]}' 22
  run secret_get kv/join#secret
  ended 1
  said "could not read secret 'kv/join#secret' of 'https://vault.example.org': {\"errors\": [\"permission denied\"]}"
  run secret_get join
  ended 2
  said "'join' is not a secret in Vault: must be like mount/path#key"
}

@test "a secret that the provisioner left is read from its file" {
  private /etc/drover/secrets/shop/join hush
  store file
  run secret_get /shop/join
  ended 0
  [ "$output" = hush ]
}

@test "a secret file that others may read, that is empty or lies elsewhere is refused" {
  private /etc/drover/secrets/join hush
  chmod 644 "${DROVER_ROOT}/etc/drover/secrets/join"
  store file
  run secret_get join
  ended 1
  said "'/etc/drover/secrets/join' has mode 644, must be 0400 or 0600"
  run secret_get other
  ended 1
  said "'/etc/drover/secrets/other' is missing or empty"
  run secret_get ../../shadow
  ended 2
  said "is not the name of a secret file"
}

@test "an unknown store, and one without its settings, are refused" {
  run store cupboard
  ended 2
  said "'SECRET_STORE' is 'cupboard', allowed is one of: ssm keyvault vault file"
  run store keyvault
  ended 2
  said "'KEY_VAULT_URL'"
  run store vault
  ended 2
  said "'VAULT_ADDR' 'VAULT_ROLE_ID'"
}
