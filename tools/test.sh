#!/usr/bin/env bash
# Runs every fast check and ends with "N passed, N failed": a check that fails does not hide the next one.
# Two lanes side by side: what is TypeScript, and everything else.
# Exit: 0 everything passed, 1 something failed.
set -o nounset -o pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# have COMMAND...: whether all of them are installed
have() {
  local command
  for command in "$@"; do command -v "$command" >/dev/null || return 1; done
}

# tell NAME PASSED FAILED SECONDS LOG: the result of a check, with its output when something failed
tell() {
  printf '%s %s\n' "$2" "$3" >>"$work/counts"
  printf '%-5s %-26s %4d passed %4d failed %4ds\n' "$([[ $3 == 0 ]] && echo ok || echo FAIL)" "$1" "$2" "$3" "$4"
  if [[ $3 != 0 ]]; then cat "$5"; fi
}

# check NAME COMMAND...: a command that passes or fails as a whole
check() {
  local name=$1 started=$SECONDS log="$work/$1.log" failed=0
  shift
  "$@" >"$log" 2>&1 || failed=1
  tell "$name" $((1 - failed)) $failed $((SECONDS - started)) "$log"
}

jest_suite() {
  local started=$SECONDS log="$work/jest.log" report="$work/jest.json" status=0 passed failed
  npx --no-install jest --json --outputFile="$report" >"$log" 2>&1 || status=$?
  passed=$(node -p 'JSON.parse(fs.readFileSync(process.argv[1])).numPassedTests' "$report" 2>/dev/null || echo 0)
  failed=$(node -p 'const r = JSON.parse(fs.readFileSync(process.argv[1])); r.numFailedTests + r.numRuntimeErrorTestSuites' "$report" 2>/dev/null || echo 1)
  if [[ $status != 0 && $failed == 0 ]]; then failed=1; fi
  grep -E '^ *skipped: ' "$log" | sort -u
  tell 'unit tests' "$passed" "$failed" $((SECONDS - started)) "$log"
}

go_suite() {
  local started=$SECONDS log="$work/go.log" status=0 passed failed
  (cd rehearsal/provider && go vet ./... && go test -json ./...) >"$log" 2>&1 || status=$?
  passed=$(grep -c '"Action":"pass".*"Test":' "$log")
  failed=$(grep -c '"Action":"fail".*"Test":' "$log")
  if [[ $status != 0 && $failed == 0 ]]; then failed=1; fi
  tell 'simulated provider' "$passed" "$failed" $((SECONDS - started)) "$log"
}

typescript_checks() {
  jest_suite
  check 'types' npm run --silent typecheck
  check 'lint' npm run --silent lint
  check 'format' npm run --silent format:check
  check 'generated reference' npx --no-install drover schema --check
}

other_checks() {
  go_suite
  if have shellcheck shfmt bats cloud-init; then
    check 'scripts of the machines' __tests__/userdata/check.sh
  else
    printf 'skip  %-26s shellcheck, shfmt, bats and cloud-init are needed (apt-get install)\n' 'scripts of the machines'
  fi
}

main() {
  typescript_checks &
  other_checks
  wait
  awk '{ passed += $1; failed += $2 } END { printf "%d passed, %d failed\n", passed, failed; exit failed > 0 }' "$work/counts"
}

main "$@"
