#!/usr/bin/env bash
# Rehearses the example environment: deploys, changes, interrupts, breaks and destroys it on a simulated cloud.
# Ends with "rehearsal: N passed, N failed". Arguments are jest's, such as the name of one file.
# Exit: 0 everything passed, 1 something failed.
set -o nounset -o pipefail
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=suites.sh
. tools/suites.sh

export CHECKPOINT_DISABLE=1

main() {
  jest_suite 'rehearsals' --config jest.rehearsal.config.cjs --testSequencer=./__tests__/rehearsed/in-order.cjs "$@"
  if [[ -s "$work/rehearsals.json" ]]; then node tools/jest-files.mjs "$work/rehearsals.json"; fi
  conclude 'rehearsal: '
}

main "$@"
