# shellcheck shell=bash
# What the scripts of checks share: each suite runs, says one line of itself, and shows its output when something failed.

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: >"$work/counts"

# have COMMAND...: whether all of them are installed
have() {
  local command
  for command in "$@"; do command -v "$command" >/dev/null || return 1; done
}

# tell NAME PASSED FAILED SECONDS LOG
tell() {
  printf '%s %s\n' "$2" "$3" >>"$work/counts"
  printf '%-5s %-26s %4d passed %4d failed %4ds\n' "$([[ $3 == 0 ]] && echo ok || echo FAIL)" "$1" "$2" "$3" "$4"
  if [[ $3 != 0 ]]; then cat "$5"; fi
}

# skip NAME REASON
skip() { printf 'skip  %-26s %s\n' "$1" "$2"; }

# check NAME COMMAND...: a command that passes or fails as a whole
check() {
  local name=$1 started=$SECONDS log="$work/$1.log" failed=0
  shift
  "$@" >"$log" 2>&1 || failed=1
  tell "$name" $((1 - failed)) $failed $((SECONDS - started)) "$log"
}

# go_suite NAME MODULE [FLAG...]: vet and tests of one of the rehearsal's Go modules
go_suite() {
  local name=$1 module=$2 started=$SECONDS log="$work/$1.log" status=0 passed failed
  shift 2
  (cd "rehearsal/$module" && go vet "$@" ./... && go test "$@" -timeout 15m -json ./...) >"$log" 2>&1 || status=$?
  passed=$(grep -c '"Action":"pass".*"Test":' "$log")
  failed=$(grep -c '"Action":"fail".*"Test":' "$log")
  if [[ $status != 0 && $failed == 0 ]]; then failed=1; fi
  if [[ $failed != 0 ]]; then node tools/go-failures.mjs "$log" >"$log.failures"; fi
  tell "$name" "$passed" "$failed" $((SECONDS - started)) "$log.failures"
}

# jest_suite NAME [OPTION...]
jest_suite() {
  local name=$1 started=$SECONDS log="$work/$1.log" report="$work/$1.json" status=0 passed failed
  shift
  # cdktf's helper for tests never removes its outputs
  mkdir -p "$work/tmp"
  TMPDIR="$work/tmp" npx --no-install jest --json --outputFile="$report" "$@" >"$log" 2>&1 || status=$?
  passed=$(node -p 'JSON.parse(fs.readFileSync(process.argv[1])).numPassedTests' "$report" 2>/dev/null || echo 0)
  failed=$(node -p 'const r = JSON.parse(fs.readFileSync(process.argv[1])); r.numFailedTests + r.numRuntimeErrorTestSuites' "$report" 2>/dev/null || echo 1)
  if [[ $status != 0 && $failed == 0 ]]; then failed=1; fi
  grep -E '^ *skipped: ' "$log" | sort -u
  if [[ $failed != 0 ]]; then
    node tools/jest-failures.mjs "$report" >"$log.failures"
    tail -n 200 "$log" >>"$log.failures"
  fi
  tell "$name" "$passed" "$failed" $((SECONDS - started)) "$log.failures"
}

# conclude PREFIX: the last line, "PREFIXN passed, N failed"; fails if anything did
conclude() {
  awk -v prefix="$1" '{ passed += $1; failed += $2 }
    END { printf "%s%d passed, %d failed\n", prefix, passed, failed; exit failed > 0 || passed == 0 }' "$work/counts"
}
