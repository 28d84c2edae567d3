#!/usr/bin/env bash
# Secrets by the machine's own identity, wherever the environment keeps them. Sourced after lib.sh.
#   SECRET_STORE  ssm, keyvault, vault or file; each has a library with settings of its own  (default ssm)
# What a name is: of ssm a parameter (/a/b), of keyvault a secret, of vault mount/path[#key], of file a file's name.
# A secret is printed, never an argument of another program.

: "${SECRET_STORE:=ssm}"
one_of SECRET_STORE ssm keyvault vault file
case "$SECRET_STORE" in
  ssm)
    # shellcheck source=aws.sh
    . "${LIB_DIR}/aws.sh"
    require REGION
    ;;
  keyvault)
    # shellcheck source=keyvault.sh
    . "${LIB_DIR}/keyvault.sh"
    require KEY_VAULT_URL
    ;;
  vault)
    # shellcheck source=vault.sh
    . "${LIB_DIR}/vault.sh"
    require VAULT_ADDR VAULT_ROLE_ID
    ;;
  file)
    # shellcheck source=secret-file.sh
    . "${LIB_DIR}/secret-file.sh"
    ;;
esac

# secret_get NAME: the value
secret_get() {
  case "$SECRET_STORE" in
    ssm) ssm_get "$1" ;;
    keyvault) keyvault_get "$1" ;;
    vault) vault_get "$1" ;;
    file) file_get "$1" ;;
  esac
}

# secret_put NAME VALUE: overwrites a secret that Terraform created
secret_put() {
  case "$SECRET_STORE" in
    ssm) ssm_put "$1" "$2" ;;
    keyvault) keyvault_put "$1" "$2" ;;
    vault) vault_put "$1" "$2" ;;
    file) die "'SECRET_STORE' is 'file', machines can publish to ssm, keyvault and vault alone" 2 ;;
  esac
}

# secret_published NAME: the value, once it is other than the placeholder
secret_published() {
  local value
  value=$(secret_get "$1") || return
  [ "$value" != "$PENDING" ] || return
  printf '%s\n' "$value"
}

# secret_await NAME DEADLINE: waits until the secret is published and prints it
secret_await() {
  retry --deadline "$2" --every 5 --what "parameter '$1' to be other than '${PENDING}'" secret_published "$1"
}
