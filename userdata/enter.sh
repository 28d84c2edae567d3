#!/usr/bin/env bash
# Lets a host that is reached by SSH into its cluster: takes what was uploaded to the login's home, starts the bootstrap
# as a service of the host (it outlives the connection) and shows its lines until it ends. Run as root; may be repeated.
#   enter.sh ARCHIVE SHA256 SETTINGS TOKEN [CA]
# ARCHIVE is the bootstrap bundle and SHA256 its checksum; SETTINGS becomes /etc/drover/bootstrap.env; CA becomes
# /etc/drover/vault-ca.pem; TOKEN wraps the secret of the host's AppRole, which becomes /etc/drover/vault-secret-id. Vault
# unwraps once: a host that finds it done by somebody else takes no part. '-' stands for none.
#   ENTER_DEADLINE_SEC  in SETTINGS: time for a run under way to end, and again for this one  (default 5400)
# Uploads are removed, however it ends.
# Exit codes: 2 an argument or a setting is missing, 3 not within the deadline, 4 wrong checksum, 5 the host belongs to
# somebody else, 6 the token is used or over; then those of run.sh
set -o errexit -o nounset -o pipefail

root=${DROVER_ROOT:-}
home=$root/opt/drover
settings=$root/etc/drover/bootstrap.env
log=$root/var/log/drover-bootstrap.log
shown=0
uploads=()
unwrapped=''

say() { printf 'drover enter: %s\n' "$*" >&2; }

# refuse EXIT_CODE MESSAGE
refuse() {
  say "$2"
  exit "$1"
}

main() {
  [ $# -ge 4 ] || refuse 2 'arguments are: ARCHIVE SHA256 SETTINGS TOKEN|- [CA|-]'
  local archive=$1 sha256=$2 env_file=$3 token=$4 ca=${5:--} name
  for name in "$archive" "$env_file" "$token" "$ca"; do
    [ "$name" = - ] || uploads+=("$name")
  done
  [ "$(basename "$0")" != drover-enter.sh ] || uploads+=("$0")
  trap 'rm -f -- "${uploads[@]}"' EXIT
  for name in "${uploads[@]}"; do
    [ -f "$name" ] || refuse 2 "'$name' was not uploaded"
  done
  for name in DROVER_ENV DROVER_ROLE DROVER_CLUSTER STEPS; do
    # a machine of a site is in no cluster
    [ "$name" != DROVER_CLUSTER ] || [ "$(setting "$env_file" DROVER_ROLE)" != machine ] || continue
    [ -n "$(setting "$env_file" "$name")" ] || refuse 2 "'$name' is missing in '$env_file'"
  done
  sha256sum --check --status <<<"$sha256  $archive" || refuse 4 "checksum of '$archive' is not '$sha256'"
  await_others "$(deadline_of "$env_file")"
  check_owner "$env_file"
  unpack "$archive"
  install_file "$env_file" "$settings" 0600
  install_file "$ca" "$root/etc/drover/vault-ca.pem" 0644
  # shellcheck source=lib.sh
  . "$home/bundle/lib.sh"
  take_secret "$token"
  start
  follow "$(deadline_of "$settings")"
}

# setting FILE NAME: the file is one that run.sh will source as well
setting() (
  set +o nounset
  # shellcheck source=/dev/null
  . "$1"
  printf '%s' "${!2}"
)

deadline_of() {
  local deadline
  deadline=$(setting "$1" ENTER_DEADLINE_SEC)
  printf '%s' "${deadline:-5400}"
}

# await_others DEADLINE: keeps other provisioners out until this one ends, and waits for a run that began before it
await_others() {
  mkdir -p "$root/run/drover"
  exec 8>"$root/run/drover/enter.lock"
  flock --timeout "$1" 8 || refuse 3 "another provisioner has not ended within $1 s"
  flock --timeout "$1" "$root/run/drover/run.lock" true || refuse 3 "a run of the bootstrap has not ended within $1 s"
}

# check_owner SETTINGS: a host has one place; what it was before does not go away by itself
check_owner() {
  local is wanted unit
  wanted=$(place "$1")
  if [ -e "$settings" ]; then
    is=$(place "$settings")
    [ "$is" = "$wanted" ] ||
      refuse 5 "this host is $is, the settings make it $wanted: let it leave first ('leaving' of its site)"
    return 0
  fi
  for unit in rke2-server rke2-agent rancher-system-agent k3s k3s-agent kubelet; do
    ! systemctl is-active --quiet "$unit" ||
      refuse 5 "'$unit' runs on this host and is not Drover's: the host belongs to another cluster; free it first"
  done
}

# place SETTINGS: in words
place() {
  if [ "$(setting "$1" DROVER_ROLE)" = machine ]; then
    printf "machine '%s' of site '%s' in environment '%s'" "$(setting "$1" DROVER_NODE)" "$(setting "$1" DROVER_SITE)" \
      "$(setting "$1" DROVER_ENV)"
    return 0
  fi
  printf "%s '%s' of cluster '%s' in environment '%s'" "$(setting "$1" DROVER_ROLE)" "$(setting "$1" DROVER_NODE)" \
    "$(setting "$1" DROVER_CLUSTER)" "$(setting "$1" DROVER_ENV)"
}

unpack() {
  mkdir -p "$home"
  rm -rf "$home/bundle.new"
  mkdir "$home/bundle.new"
  tar -xf "$1" --no-same-owner -C "$home/bundle.new"
  rm -rf "$home/bundle"
  mv "$home/bundle.new" "$home/bundle"
}

# install_file FILE PLACE MODE: replaced in one step, never readable by others in between
install_file() {
  [ "$1" != - ] || return 0
  mkdir -p "$(dirname "$2")"
  install -m "$3" "$1" "$2.new"
  mv -f "$2.new" "$2"
}

# take_secret TOKEN_FILE: a token that this host itself has unwrapped, in a run that failed later, is no alarm
take_secret() {
  local token sum secret trace=/etc/drover/vault-token-used
  [ "$1" != - ] || return 0
  token=$(<"$1")
  sum=$(sha256sum <<<"$token")
  if [ -s "$root/etc/drover/vault-secret-id" ] && [ "$sum" = "$(cat "$root$trace" 2>/dev/null || :)" ]; then
    say 'this host has unwrapped the token before: its secret stays'
    return 0
  fi
  # exported: curl reads the settings of a proxy from the environment
  set -o allexport
  # shellcheck source=/dev/null
  . "$settings"
  set +o allexport
  # shellcheck source=lib/vault.sh
  . "$home/bundle/lib/vault.sh"
  require VAULT_ADDR
  retry --deadline 120 --every 5 --what "Vault at '$VAULT_ADDR' to unwrap the token" unwrap "$token" || exit 3
  secret=$(sed -n 's/.*"secret_id" *: *"\([^"]*\)".*/\1/p' <<<"$unwrapped")
  [ -n "$secret" ] || refuse 6 "Vault does not unwrap the token, it is used or over: $unwrapped; unless it is older than a day, somebody else may have the secret of this host. Replace 'secret-id' of this host"
  printf '%s\n' "$secret" | write_file /etc/drover/vault-secret-id 0600
  printf '%s\n' "$sum" | write_file "$trace" 0600
}

# unwrap TOKEN: leaves Vault's answer in 'unwrapped', also a refusal
# shellcheck disable=SC2317 # called by retry
unwrap() {
  unwrapped=$({
    curl_setting header "X-Vault-Token: $1"
    curl_setting data '{}'
  } | vault_call sys/wrapping/unwrap) || [[ $unwrapped =~ 'wrapping token'|'permission denied'|'bad token' ]]
}

# start: enabled, so that a boot goes on where the power went; run.sh takes that away
start() {
  mkdir -p "$root/etc/systemd/system"
  cp "$home/bundle/units/drover-bootstrap.service" "$root/etc/systemd/system/drover-bootstrap.service"
  [ ! -e "$log" ] || shown=$(stat --format %s "$log")
  timeout 60 systemctl daemon-reload
  timeout 60 systemctl enable --quiet drover-bootstrap || say 'a power cut would end this bootstrap for good'
  timeout 60 systemctl start drover-bootstrap || refuse 3 'the bootstrap did not start within 60 s'
}

# follow DEADLINE: ends as the run ends
follow() {
  local state code
  retry --deadline "$1" --every 2 --what 'the bootstrap to end; it goes on, look at /var/log/drover-bootstrap.log' has_ended ||
    exit 3
  state=$(systemctl show drover-bootstrap --property ActiveState --value)
  code=$(systemctl show drover-bootstrap --property ExecMainStatus --value)
  [ "$state" != failed ] || [ "$code" != 0 ] || code=1
  [ "$code" = 0 ] || journalctl --unit drover-bootstrap --no-pager --lines 5 >&2 || say 'no journal of drover-bootstrap'
  exit "$code"
}

# has_ended: shows what the run has said since
# shellcheck disable=SC2317 # called by retry
has_ended() {
  local state size
  # asked first: what is said before the end is shown after it
  state=$(systemctl show drover-bootstrap --property ActiveState --value) || return
  if [ -e "$log" ]; then
    size=$(stat --format %s "$log") || return
    tail --bytes "+$((shown + 1))" "$log" | head --bytes "$((size - shown))"
    shown=$size
  fi
  [ "$state" = inactive ] || [ "$state" = failed ]
}

main "$@"
