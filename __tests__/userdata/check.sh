#!/usr/bin/env bash
# Checks the scripts of userdata/: shellcheck, shfmt, bats, and cloud-init's schema for each rendered cloud-config given.
#   check.sh [CLOUD-CONFIG FILE...]
# Exit codes: 0 all well, 1 something is not, 2 a tool is missing
set -o errexit -o nounset -o pipefail

TESTS="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
USERDATA="$(cd "${TESTS}/../../userdata" && pwd)"

main() {
  local tool file
  for tool in shellcheck shfmt bats python3; do need "$tool"; done
  [ $# -eq 0 ] || need cloud-init
  (
    cd "$USERDATA"
    shellcheck --external-sources --source-path SCRIPTDIR --severity style \
      fetch.sh fetch-azure.sh run.sh await-ready.sh enter.sh preflight.sh leave-cluster.sh lib.sh lib/*.sh steps/*.sh units/*.sh
  )
  shellcheck --severity style "${TESTS}/check.sh" "${TESTS}/curl-stub.sh"
  shfmt -d -i 2 -ci "$USERDATA" "${TESTS}/check.sh" "${TESTS}/curl-stub.sh" "${TESTS}/helper.bash" "${TESTS}/leaving.bash"
  for file in "$@"; do
    cloud-init schema --config-file "$file"
  done
  use_python_itself
  run_suites || exit 1
}

# use_python_itself: a version manager's python3 is a script of a hundred processes, and the scripts call it often
use_python_itself() {
  local folder
  folder=$(mktemp --directory)
  # shellcheck disable=SC2064 # the folder is known now
  trap "rm -rf '${folder}'" EXIT
  ln -s "$(python3 -c 'import sys; print(sys.executable)')" "${folder}/python3"
  export PATH="${folder}:${PATH}"
}

# run_suites: each file in a process of its own, as many at a time as there are processors, those with most tests first;
# what a file says comes in one piece
run_suites() {
  # shellcheck disable=SC2016 # expanded by the inner shell
  grep -c '^@test' "$TESTS"/*.bats | sort --field-separator : --key 2 --numeric-sort --reverse | cut -d : -f 1 |
    xargs -d '\n' -n 1 -P "$(nproc)" bash -c 'said=$(bats "$1" 2>&1) || code=$?; printf "%s\n" "$said"; exit "${code:-0}"' suite
}

need() {
  command -v "$1" >/dev/null && return 0
  echo "'$1' is missing: apt-get install shellcheck shfmt bats cloud-init python3" >&2
  exit 2
}

main "$@"
