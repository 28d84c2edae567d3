#!/usr/bin/env bash
# Runs every fast check and ends with "N passed, N failed": a suite that fails does not hide the next one.
# Exit: 0 everything passed, 1 something failed.
set -o nounset -o pipefail

passed=0
failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# check NAME COMMAND...: one check, its output only when it fails
check() {
  local name=$1 started=$SECONDS
  shift
  if "$@" >"$log" 2>&1; then
    passed=$((passed + 1))
    printf 'ok    %-28s %3ds\n' "$name" $((SECONDS - started))
  else
    failed=$((failed + 1))
    printf 'FAIL  %-28s %3ds\n' "$name" $((SECONDS - started))
    cat "$log"
  fi
}

# count NAME PASSED FAILED: adds a suite that counts for itself
count() {
  passed=$((passed + $2))
  failed=$((failed + $3))
  printf '%-5s %-28s %d passed, %d failed\n' "$([[ $3 == 0 ]] && echo ok || echo FAIL)" "$1" "$2" "$3"
}

# have COMMAND...: whether all of them are installed
have() {
  local command
  for command in "$@"; do command -v "$command" >/dev/null || return 1; done
}

jest_suite() {
  local report status=0
  report=$(mktemp)
  npx --no-install jest --json --outputFile="$report" >"$log" 2>&1 || status=$?
  local good bad
  good=$(node -p 'JSON.parse(fs.readFileSync(process.argv[1])).numPassedTests' "$report" 2>/dev/null || echo 0)
  bad=$(node -p 'const r = JSON.parse(fs.readFileSync(process.argv[1])); r.numFailedTests + r.numRuntimeErrorTestSuites' "$report" 2>/dev/null || echo 1)
  rm -f "$report"
  if [[ $status != 0 && $bad == 0 ]]; then bad=1; fi
  if [[ $bad != 0 ]]; then cat "$log"; else grep -E 'skipped:|facts are absent' "$log" || true; fi
  count 'unit tests (jest)' "$good" "$bad"
}

go_suite() {
  local status=0 good bad
  (cd rehearsal/provider && go vet ./... && go test -json ./...) >"$log" 2>&1 || status=$?
  good=$(grep -c '"Action":"pass".*"Test":' "$log" || true)
  bad=$(grep -c '"Action":"fail".*"Test":' "$log" || true)
  if [[ $status != 0 && $bad == 0 ]]; then bad=1; fi
  if [[ $bad != 0 ]]; then grep -E '"Action":"output"|^#|^[a-z]' "$log" | tail -n 60; fi
  count 'simulated provider (go)' "$good" "$bad"
}

main() {
  check 'types' npm run --silent typecheck
  check 'lint' npm run --silent lint
  check 'format' npm run --silent format:check
  go_suite
  jest_suite
  check 'generated reference' npx --no-install drover schema --check
  if have shellcheck shfmt bats cloud-init; then
    check 'shell (style, steps)' __tests__/userdata/check.sh
  else
    printf 'skip  %-28s shellcheck, shfmt, bats, cloud-init are not installed (apt-get install shellcheck shfmt bats cloud-init)\n' 'shell (style, steps)'
  fi
  printf '%d passed, %d failed\n' "$passed" "$failed"
  ((failed == 0))
}

main "$@"
