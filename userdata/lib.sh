#!/usr/bin/env bash
# What every step shares: logging, settings, bounded waits, files. Sourced, never run.
#   DROVER_ROOT  prefix of every path, used by tests  (default empty)
#   STEP_TIMES   file in which a step notes how long it waited and downloaded  (default: it does not)
# Exit codes of a step: 1 failed, 2 a setting is missing or wrong, 3 a wait passed its deadline.
# A function that `retry` or `if` calls runs without errexit: it must end each failing line with `|| return`.
set -o errexit -o nounset -o pipefail
shopt -s inherit_errexit

ROOT="${DROVER_ROOT:-}"
LIB_DIR="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/lib"
# Terraform creates a parameter with this value; the machine that owns the fact overwrites it
# shellcheck disable=SC2034 # used by the files that source this one
readonly PENDING='pending'

log() { TZ=UTC printf '%(%Y-%m-%dT%H:%M:%SZ)T %s\n' -1 "$*" >&2; }

# die MESSAGE [EXIT CODE]
die() {
  log "error: $1"
  exit "${2:-1}"
}

# require NAME...: stops with exit code 2 and names every setting that is missing
require() {
  local name missing=()
  for name in "$@"; do
    [ -n "${!name:-}" ] || missing+=("'$name'")
  done
  [ "${#missing[@]}" -eq 0 ] || die "missing in the environment: ${missing[*]}; see /etc/drover/bootstrap.env" 2
}

# one_of NAME ALLOWED...: stops with exit code 2 when the setting has another value
one_of() {
  local name=$1 allowed
  shift
  for allowed in "$@"; do
    [ "${!name:-}" != "$allowed" ] || return 0
  done
  die "'$name' is '${!name:-}', allowed is one of: $*" 2
}

# mark NAME: this moment, in hundredths of a second since the machine started: setting the clock does not change it
mark() {
  local uptime
  read -r uptime _ </proc/uptime
  printf -v "$1" '%d' "$((10#${uptime/./}))"
}

# note_time waited|downloaded FROM [TO]: TO is now, unless given
note_time() {
  local ended=${3:-}
  [ -n "${STEP_TIMES:-}" ] || return 0
  [ -n "$ended" ] || mark ended
  printf '%s %d\n' "$1" "$((ended - $2))" >>"$STEP_TIMES" || log "could not note a time in '${STEP_TIMES}'"
}

# retry --deadline SEC --every SEC --what TEXT COMMAND...: returns 3 when the deadline passes
retry() {
  local deadline=300 every=5 what='' started=$SECONDS slept=0 waited=0 began attempt
  while [ $# -gt 0 ]; do
    case "$1" in
      --deadline) deadline=$2 ;;
      --every) every=$2 ;;
      --what) what=$2 ;;
      *) break ;;
    esac
    shift 2
  done
  mark began
  attempt=$began
  until "$@"; do
    # time sync may set the clock back under a wait: the time slept counts as well
    waited=$((SECONDS - started > slept ? SECONDS - started : slept))
    if [ $((waited + every)) -gt "$deadline" ]; then
      note_time waited "$began"
      log "gave up after ${waited} s (deadline ${deadline} s) waiting for ${what:-$*}"
      return 3
    fi
    # machines that start together must not ask together for ever: the first pause is cut by chance
    if [ "$slept" -eq 0 ] && [ "$every" -ge 5 ]; then
      sleep "$((every / 2 + RANDOM % (every - every / 2))).$((RANDOM % 10))"
    else
      sleep "$every"
    fi
    slept=$((slept + every))
    mark attempt
  done
  # the attempt that succeeded is work
  note_time waited "$began" "$attempt"
}

# write_file PATH MODE: replaces the file by stdin in one step; PATH is without the test prefix
write_file() {
  local path="${ROOT}$1" temporary
  mkdir -p "${path%/*}"
  temporary=$(mktemp "${path%/*}/.drover.XXXXXX")
  cat >"$temporary"
  chmod "$2" "$temporary"
  mv -f "$temporary" "$path"
}

# enable_unit UNIT [PART...]: at each boot. Systemd reads all units anew, a fifth of a second of work, only where it knows
# an older one of these names
enable_unit() {
  local older
  systemctl enable --quiet --no-reload "$1"
  older=$(systemctl show --property NeedDaemonReload --value "$@")
  [[ $older != *yes* ]] || systemctl daemon-reload
}

# check_private_file PATH: fails when there is no such file, or when others than its owner may read it
check_private_file() {
  local mode
  if [ ! -s "${ROOT}$1" ]; then
    log "'$1' is missing or empty"
    return 1
  fi
  mode=$(stat --dereference --format %a "${ROOT}$1") || return
  [[ $mode == [46]00 ]] || die "'$1' has mode ${mode}, must be 0400 or 0600: it holds a secret"
}

# json_string TEXT: the text as a JSON string, which is a YAML string too
json_string() {
  local text=$1
  text=${text//\\/\\\\}
  text=${text//\"/\\\"}
  text=${text//$'\n'/\\n}
  text=${text//$'\r'/\\r}
  text=${text//$'\t'/\\t}
  printf '"%s"' "$text"
}

# curl_setting NAME VALUE: one line of a curl configuration
curl_setting() {
  local value=${2//\\/\\\\}
  printf '%s = "%s"\n' "$1" "${value//\"/\\\"}"
}

# json_get KEY...: one value of the JSON document on stdin, by its path
json_get() { python3 -IS "${LIB_DIR}/json_get.py" "$@"; }

# yaml_list KEY ITEM...: a YAML list of strings; nothing when there is no item
yaml_list() {
  local key=$1 item
  shift
  [ $# -gt 0 ] || return 0
  printf '%s:\n' "$key"
  for item in "$@"; do
    printf '  - %s\n' "$(json_string "$item")"
  done
}

# words TEXT: an array named WORDS of the space-separated words, without expansion of wildcards
# shellcheck disable=SC2034 # used by the files that source this one
words() { read -r -a WORDS <<<"$1"; }
