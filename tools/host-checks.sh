#!/usr/bin/env bash
# Checks what `drover rehearse --hosts` is made of, and, as root where Debian's packages for hosts are installed, runs
# every machine of the example environment as a real host: some ten minutes, the first time twenty.
# Ends with "hosts: N passed, N failed". Exit: 0 everything passed, 1 something failed.
set -o nounset -o pipefail
cd "$(dirname "$0")/.." || exit 1

export CHECKPOINT_DISABLE=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# tell NAME PASSED FAILED SECONDS LOG: the result of a check, with its output when something failed
tell() {
  printf '%s %s\n' "$2" "$3" >>"$work/counts"
  printf '%-5s %-26s %4d passed %4d failed %4ds\n' "$([[ $3 == 0 ]] && echo ok || echo FAIL)" "$1" "$2" "$3" "$4"
  if [[ $3 != 0 ]]; then cat "$5"; fi
}

# go_suite NAME MODULE PACKAGE...: vet and tests of a part
go_suite() {
  local name=$1 module=$2 started=$SECONDS log="$work/$1.log" status=0 passed failed
  shift 2
  (cd "rehearsal/$module" && go vet "$@" && go test -json "$@") >"$log" 2>&1 || status=$?
  passed=$(grep -c '"Action":"pass".*"Test":' "$log")
  failed=$(grep -c '"Action":"fail".*"Test":' "$log")
  if [[ $status != 0 && $failed == 0 ]]; then failed=1; fi
  tell "$name" "$passed" "$failed" $((SECONDS - started)) "$log"
}

hosts_suite() {
  local started=$SECONDS log="$work/hosts.log" report="$work/hosts.json" status=0 passed failed command
  if [[ $(id -u) != 0 ]]; then
    printf 'skip  %-26s root is needed\n' 'real hosts'
    return 0
  fi
  for command in systemd-nspawn mmdebstrap mkfs.xfs ip; do
    command -v "$command" >/dev/null && continue
    printf 'skip  %-26s %s is missing (apt-get install systemd-container mmdebstrap xfsprogs iproute2)\n' 'real hosts' "$command"
    return 0
  done
  npx --no-install jest --config jest.hosts.config.cjs --json --outputFile="$report" >"$log" 2>&1 || status=$?
  passed=$(node -p 'JSON.parse(fs.readFileSync(process.argv[1])).numPassedTests' "$report" 2>/dev/null || echo 0)
  failed=$(node -p 'const r = JSON.parse(fs.readFileSync(process.argv[1])); r.numFailedTests + r.numRuntimeErrorTestSuites' "$report" 2>/dev/null || echo 1)
  if [[ $status != 0 && $failed == 0 ]]; then failed=1; fi
  tell 'real hosts' "$passed" "$failed" $((SECONDS - started)) "$log"
}

main() {
  go_suite 'lab of the hosts' lab ./...
  go_suite 'stand-in for Rancher' rancher ./...
  hosts_suite
  awk '{ passed += $1; failed += $2 } END { printf "hosts: %d passed, %d failed\n", passed, failed; exit failed > 0 }' "$work/counts"
}

main "$@"
