#!/usr/bin/env bash
# Runs every fast check and ends with "N passed, N failed": a check that fails does not hide the next one.
# Three lanes side by side: unit tests, scripts, and the rest, which is short.
# Exit: 0 everything passed, 1 something failed.
set -o nounset -o pipefail
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=suites.sh
. tools/suites.sh

script_checks() {
  if have shellcheck shfmt bats cloud-init; then
    check 'scripts of the machines' __tests__/userdata/check.sh
  else
    skip 'scripts of the machines' 'shellcheck, shfmt, bats and cloud-init are needed (apt-get install)'
  fi
}

short_checks() {
  go_suite 'simulated provider' provider
  check 'types' npm run --silent typecheck
  check 'lint' npm run --silent lint
  check 'format' npm run --silent format:check
  check 'generated reference' npx --no-install drover schema --check
  check 'page of platforms' node tools/platforms.mjs --check
}

main() {
  jest_suite 'unit tests' &
  script_checks &
  short_checks
  wait
  conclude ''
}

main "$@"
