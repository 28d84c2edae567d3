#!/usr/bin/env bash
# Runs the steps of this machine in order and says how that went. May be run again at any time:
# every step is idempotent. Reads /etc/drover/bootstrap.env.
#   run.sh           the steps named by STEPS, between the user's hooks
#   run.sh STEP...   only these steps, without hooks
# What it leaves:
#   /var/lib/drover/bootstrap.json    what ran, when, with which result; seconds, and how many of them went into waiting
#                                     for others or for Kubernetes and into downloads
#   /var/log/drover-bootstrap.log     the output of all runs; also in the journal (drover-bootstrap)
#   console                           one line with 'ok' or 'failed:<step>'; on Azure the serial log of boot diagnostics
#   instance tag drover:bootstrap     the same on AWS, where the machine's role allows it; a failed machine of a scaling
#                                     group is given up there. On Azure nobody is told: an extension reads the report;
#                                     on metal neither: enter.sh waits for the end of the run
# Hooks: before/*.sh and after/*.sh of /etc/drover/hooks, then those of the bundle's own hooks/ (the environment's), in the
# order of their names.
# Exit codes: 0 all done, 2 a setting is missing, 10 a step is unknown, 20 a step failed (named in the report),
# 30 another run is under way
set -o errexit -o nounset -o pipefail

BUNDLE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
export BOOTSTRAP_LIB="${BUNDLE}/lib.sh"
# shellcheck source=lib.sh
. "$BOOTSTRAP_LIB"
# shellcheck source=lib/aws.sh
. "${LIB_DIR}/aws.sh"

ENV_FILE="${ROOT}/etc/drover/bootstrap.env"
LOG_FILE="${ROOT}/var/log/drover-bootstrap.log"
ENTRIES=()
STARTED=''

main() {
  load_settings
  mkdir -p "$(dirname "$LOG_FILE")"
  STARTED=$(timestamp)
  # memory-backed: a full disk must not keep the run from reporting
  mkdir -p "${ROOT}/run/drover"
  exec 9>"${ROOT}/run/drover/run.lock"
  flock --nonblock 9 || die 'another run is under way' 30
  export STEP_TIMES="${ROOT}/run/drover/step-times.$$"
  export IDENTITY_CACHE="${ROOT}/run/drover/identity.$$"
  # of a store that wants a login: steps of one run share it
  export VAULT_TOKEN_FILE='/run/drover/vault-token'
  rm -f "${ROOT}${VAULT_TOKEN_FILE}"
  trap 'rm -f "$STEP_TIMES" "$IDENTITY_CACHE" "${ROOT}${VAULT_TOKEN_FILE}"' EXIT
  report running
  if [ $# -gt 0 ]; then
    run_steps "$@"
  else
    [ -n "${STEPS:-}" ] || fail settings 2 "'STEPS' is missing in '${ENV_FILE}': it names the steps of this machine"
    words "$STEPS"
    run_hooks before
    run_steps "${WORDS[@]}"
    run_hooks after
  fi
  finish ok
  [ $# -gt 0 ] || end_resuming
}

# end_resuming: the unit that fetch.sh or enter.sh made for the case that the power goes
end_resuming() {
  [ -e "${ROOT}/etc/systemd/system/drover-bootstrap.service" ] || return 0
  systemctl disable --quiet --no-reload drover-bootstrap || log 'the bootstrap will run once more at the next boot'
}

load_settings() {
  [ -r "$ENV_FILE" ] || die "no settings: '${ENV_FILE}' is missing" 2
  set -o allexport
  # shellcheck source=/dev/null
  . "$ENV_FILE"
  set +o allexport
}

timestamp() { TZ=UTC printf '%(%Y-%m-%dT%H:%M:%SZ)T' -1; }

run_steps() {
  local step
  # all names are looked at first: a misspelt last step must not surface after ten minutes
  for step in "$@"; do
    [ -f "${BUNDLE}/steps/${step}.sh" ] || fail "$step" 10 "unknown step '${step}' in STEPS"
  done
  for step in "$@"; do
    run_one "$step" "${BUNDLE}/steps/${step}.sh"
  done
}

run_hooks() {
  local hook found=false
  for hook in "${ROOT}/etc/drover/hooks/$1"/*.sh "${BUNDLE}/hooks/$1"/*.sh; do
    [ -f "$hook" ] || continue
    found=true
    run_one "hook-$1-$(basename "$hook" .sh)" "$hook"
  done
  [ "$found" = true ] || log "no hooks $1 the steps" 2>&1 | record
}

# run_one NAME FILE
run_one() {
  local name=$1 started code=0 began ended result=ok times
  started=$(timestamp)
  log "step ${name} starts" 2>&1 | record
  : >"$STEP_TIMES"
  mark began
  # the lock is the run's alone: what a step or a hook leaves running must not keep it
  bash "$2" </dev/null 2>&1 9>&- | record || code=${PIPESTATUS[0]}
  mark ended
  [ "$code" -eq 0 ] || result=failed
  times=$(times_of "$((ended - began))")
  ENTRIES+=("{\"name\": \"${name}\", \"started\": \"${started}\", ${times}, \"result\": \"${result}\", \"code\": ${code}}")
  report running
  log "step ${name} ${result} after $(in_seconds "$((ended - began))") s" 2>&1 | record
  [ "$code" -eq 0 ] || fail "$name" 20 "step '${name}' failed with exit code ${code} after $(in_seconds "$((ended - began))") s"
}

# times_of HUNDREDTHS: how long the step that ended took, and what of it was waiting and downloading
times_of() {
  local kind amount waited=0 downloaded=0
  while read -r kind amount; do
    case "$kind" in
      waited) waited=$((waited + amount)) ;;
      downloaded) downloaded=$((downloaded + amount)) ;;
    esac
  done <"$STEP_TIMES"
  printf '"seconds": %s, "waited": %s, "downloaded": %s' \
    "$(in_seconds "$1")" "$(in_seconds "$waited")" "$(in_seconds "$downloaded")"
}

in_seconds() { printf '%d.%02d' "$(($1 / 100))" "$(($1 % 100))"; }

record() { tee -p -a "$LOG_FILE" >(logger --tag drover-bootstrap); }

# report RESULT: the whole file anew, so that a reader never sees half of it; "result" has a line of its own
report() {
  local entry separator=''
  {
    printf '{\n  "bundle": "%s",\n  "started": "%s",\n  "updated": "%s",\n' \
      "${BUNDLE_SHA256:-unknown}" "$STARTED" "$(timestamp)"
    printf '  "result": "%s",\n  "steps": [' "$1"
    for entry in ${ENTRIES[@]+"${ENTRIES[@]}"}; do
      printf '%s\n    %s' "$separator" "$entry"
      separator=','
    done
    printf '\n  ]\n}\n'
  } | write_file /var/lib/drover/bootstrap.json 0644
}

# fail STEP EXIT_CODE MESSAGE
fail() {
  log "error: $3" 2>&1 | record
  finish "failed:$1"
  exit "$2"
}

# finish RESULT: says it to everybody who may want to know; none of them being deaf changes the result
finish() {
  report "$1"
  printf 'drover bootstrap: %s\n' "$1" 2>/dev/null >"${ROOT}/dev/console" || log 'no console to report to'
  [ "${DROVER_PLATFORM:-${DROVER_CLOUD:-}}" = aws ] || return 0
  ec2_tag drover:bootstrap "$1" || log "could not set tag 'drover:bootstrap' to '$1'"
  if [ "$1" != ok ] && [ -n "${LIFECYCLE_HOOK:-}" ] && [ -n "${ASG_NAME:-}" ]; then
    complete_lifecycle_action "$LIFECYCLE_HOOK" ABANDON ||
      log "scaling group '${ASG_NAME}' replaces this machine only when its hook times out"
  fi
}

main "$@"
