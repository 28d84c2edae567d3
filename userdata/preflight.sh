#!/usr/bin/env bash
# Looks at a host before anything is changed on it, and prints one list of everything that is wrong. Sent to it and run as the
# login, not part of the bundle.
#   preflight.sh --environment NAME --address ADDRESS [--cidr NETWORK] [--disks DISK,...] [--ports PORT,...]
#                [--vault URL] [--vault-ca FILE]
# A disk is serial:... or path:/dev/disk/...; it must hold nothing, or xfs. Disks and ports of a host that is in this
# environment already are in use by right. The clock is compared with that of Vault's answer.
# Exit codes: 0 the host can be used, 1 it can't, 2 an argument is unknown or missing
set -o nounset -o pipefail

root=${DROVER_ROOT:-}
# 2 GiB, less what firmware and kernel keep for themselves
least_memory_kib=1887437
most_clock_difference_sec=5
environment='' address='' cidr='' disks='' ports='' vault='' vault_ca=''
problems=()

main() {
  read_arguments "$@"
  remove_uploads
  check_system
  if command -v sudo >/dev/null || [ "$(id -u)" -eq 0 ]; then
    check_membership
  else
    problem "there is no sudo: install it, and let the login use it without a password"
  fi
  check_network
  check_vault
  if [ "${#problems[@]}" -eq 0 ]; then
    printf 'host %s can be used\n' "$address"
    return 0
  fi
  {
    printf 'host %s can not be used:\n' "$address"
    printf -- '- %s\n' "${problems[@]}"
  } >&2
  return 1
}

read_arguments() {
  while [ $# -gt 0 ]; do
    case "$1" in
      --environment | --address | --cidr | --disks | --ports | --vault | --vault-ca)
        [ $# -ge 2 ] || usage "'$1' has no value"
        local name=${1#--}
        printf -v "${name//-/_}" '%s' "$2"
        shift 2
        ;;
      *) usage "'$1' is unknown" ;;
    esac
  done
  if [ -z "$environment" ] || [ -z "$address" ]; then
    usage '--environment and --address are required'
  fi
}

# remove_uploads: what was sent to the login's home for this look; bash has read the script, curl reads the CA later
remove_uploads() {
  local file uploads=()
  for file in "$0" "$vault_ca"; do
    [[ $(basename "$file") != drover-preflight* ]] || uploads+=("$file")
  done
  trap 'rm -f -- '"${uploads[*]@Q}" EXIT
}

usage() {
  printf 'preflight: %s\n' "$1" >&2
  exit 2
}

problem() { problems+=("$1"); }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo -n "$@"
  fi
}

check_system() {
  local id version machine memory
  id=$(os_release ID)
  version=$(os_release VERSION_ID)
  case "$id" in
    debian) at_least "$version" 12 ;;
    ubuntu) at_least "$version" 22.04 ;;
    sles | opensuse-leap) at_least "$version" 15.5 ;;
    *) false ;;
  esac || problem "its system is '${id:-unknown} ${version:-unknown}', allowed are debian 12, ubuntu 22.04, sles and opensuse-leap 15.5, or later"
  machine=$(uname -m)
  [[ $machine =~ ^(x86_64|aarch64)$ ]] || problem "its processor is '${machine}', allowed are x86_64 and aarch64"
  [ -d "$root/run/systemd/system" ] || problem "systemd does not run it"
  command -v python3 >/dev/null || problem "there is no python3: install it"
  memory=$(sed -n 's/^MemTotal: *\([0-9]*\) kB$/\1/p' "$root/proc/meminfo" 2>/dev/null)
  [ "${memory:-0}" -ge "$least_memory_kib" ] || problem "it has $((${memory:-0} / 1024)) MiB of memory, at least 2 GiB are needed"
}

os_release() { sed -n "s/^$1=\"\{0,1\}\([^\"]*\)\"\{0,1\}$/\1/p" "$root/etc/os-release" 2>/dev/null; }

# at_least VERSION LEAST
at_least() { [[ $1 =~ ^[0-9] ]] && [ "$(printf '%s\n' "$2" "$1" | sort --version-sort | head -n 1)" = "$2" ]; }

# check_membership: a host of Drover's is used by right, any other must be free
check_membership() {
  local member settings="$root/etc/drover/bootstrap.env"
  if ! as_root true 2>/dev/null; then
    problem "the login '$(id -un)' may not use sudo without a password; its disks were not looked at"
    return 0
  fi
  if as_root test -e "$settings"; then
    member=$(as_root sed -n "s/^DROVER_ENV='\(.*\)'$/\1/p" "$settings")
    [ "$member" = "$environment" ] ||
      problem "it is in environment '${member}': let it leave there first ('sudo /opt/drover/bundle/leave-cluster.sh')"
    return 0
  fi
  check_services
  check_disks
  check_ports
}

check_services() {
  local unit
  for unit in rke2-server rke2-agent rancher-system-agent k3s k3s-agent kubelet; do
    ! systemctl is-active --quiet "$unit" || problem "'${unit}' runs on it: it belongs to another cluster"
  done
  ! systemctl is-active --quiet firewalld || problem "firewalld runs on it: disable it, Drover sets a firewall of its own"
  ! grep -q '^ENABLED=yes$' "$root/etc/ufw/ufw.conf" 2>/dev/null ||
    problem "ufw is on: disable it ('ufw disable'), Drover sets a firewall of its own"
}

check_disks() {
  local disk device list
  IFS=, read -r -a list <<<"$disks"
  for disk in ${list[@]+"${list[@]}"}; do
    device=$(device_of "$disk")
    if [ -z "$device" ]; then
      problem "disk '${disk}' is missing; there are: $(known_disks)"
    else
      check_disk "$disk" "$device"
    fi
  done
}

device_of() {
  case "$1" in
    serial:*) lsblk --nodeps --noheadings --output PATH,SERIAL | awk -v serial="${1#serial:}" '$2 == serial { print $1; exit }' ;;
    path:*) [ ! -e "$root${1#path:}" ] || readlink -f "$root${1#path:}" ;;
  esac
}

known_disks() {
  local found
  found=$(lsblk --nodeps --noheadings --output NAME,SERIAL,SIZE | awk 'NF == 3 { printf "%s%s (serial:%s, %s)", sep, $1, $2, $3; sep = ", " }')
  printf '%s' "${found:-none with a serial number}"
}

# check_disk NAME DEVICE
check_disk() {
  local type table used code=0
  # its code 2 is a disk that holds nothing of the kind
  type=$(as_root blkid --probe --match-tag TYPE --output value "$2") || code=$?
  if [ "$code" -ne 0 ] && [ "$code" -ne 2 ]; then
    problem "disk '$1' ($2): blkid can't tell what is on it (code ${code}), look at it by hand"
    return
  fi
  table=$(as_root blkid --probe --match-tag PTTYPE --output value "$2")
  used=$(lsblk --noheadings --output MOUNTPOINT "$2" | sed '/^$/d' | head -n 1)
  if [ -n "$used" ]; then
    problem "disk '$1' ($2) is in use: mounted at '${used}'"
  elif [ "$(lsblk --noheadings --output NAME "$2" | wc -l)" -ne 1 ] || [ -n "$table" ]; then
    problem "disk '$1' ($2) has partitions: give a whole, unused disk"
  elif [ -n "$type" ] && [ "$type" != xfs ]; then
    problem "disk '$1' ($2) holds '${type}', only an empty disk or xfs is taken"
  fi
}

check_ports() {
  local port list
  IFS=, read -r -a list <<<"$ports"
  for port in ${list[@]+"${list[@]}"}; do
    [ -z "$(ss --no-header --listening --tcp --numeric "sport = :${port}")" ] ||
      problem "port ${port} is taken: $(taken_by "$port")"
  done
}

taken_by() {
  local name
  name=$(as_root ss --no-header --listening --tcp --numeric --processes "sport = :$1" | sed -n 's/.*users:(("\([^"]*\)".*/\1/p' | head -n 1)
  printf "'%s' listens there" "${name:-something}"
}

check_network() {
  local own
  own=$(ip -oneline -4 address show | awk '{ sub("/.*", "", $4); print $4 }')
  grep -qxF -- "$address" <<<"$own" || problem "no interface has its address '${address}'; it has: ${own//$'\n'/ }"
  [ -z "$cidr" ] || in_network "$address" "$cidr" || problem "its address '${address}' is not in the site's network '${cidr}'"
}

# in_network ADDRESS NETWORK
in_network() {
  local bits=${2#*/} mask
  mask=$(((0xffffffff << (32 - bits)) & 0xffffffff))
  [ $(($(number "$1") & mask)) -eq $(($(number "${2%/*}") & mask)) ]
}

number() {
  local a b c d
  IFS=. read -r a b c d <<<"$1"
  printf '%d' $(((a << 24) + (b << 16) + (c << 8) + d))
}

check_vault() {
  local answer theirs difference trust=()
  [ -n "$vault" ] || return 0
  [ -z "$vault_ca" ] || trust=(--cacert "$vault_ca")
  if ! command -v curl >/dev/null; then
    problem "there is no curl: install it; Vault was not asked, nor the clock compared"
    return 0
  fi
  # a sealed or standby Vault answers with an error of its own, but has a clock
  if ! answer=$(curl --silent --show-error --max-time 10 --head ${trust[@]+"${trust[@]}"} "${vault%/}/v1/sys/health" 2>&1); then
    problem "Vault does not answer at '${vault}': ${answer##*$'\n'}"
    return 0
  fi
  theirs=$(sed -n 's/^[Dd]ate: *\(.*[^[:space:]]\)[[:space:]]*$/\1/p' <<<"$answer" | head -n 1)
  theirs=$(date --date "${theirs:-none}" +%s 2>/dev/null) || return 0
  difference=$(($(date +%s) - theirs))
  [ "${difference#-}" -le "$most_clock_difference_sec" ] ||
    problem "its clock is ${difference#-} s $([ "$difference" -gt 0 ] && echo ahead of || echo behind) Vault's, at most ${most_clock_difference_sec} s are allowed: set it, and let a time server keep it"
}

main "$@"
