#!/usr/bin/env bash
# Rehearses the example environment: deploys, changes, interrupts, breaks and destroys it on a simulated cloud.
# Ends with "rehearsal: N passed, N failed". Arguments are jest's, such as the name of one file.
# Exit: 0 everything passed, 1 something failed.
set -o nounset -o pipefail
cd "$(dirname "$0")/.." || exit 1

export CHECKPOINT_DISABLE=1

# The suites of a report with their seconds, then one line "TOTAL passed failed".
readonly READ_REPORT='
const report = JSON.parse(fs.readFileSync(process.argv[1]));
for (const { name, status, startTime, endTime } of report.testResults) {
  const seconds = ((endTime - startTime) / 1000).toFixed(0);
  console.log(`${status === "passed" ? "ok  " : "FAIL"}  ${path.basename(name).padEnd(28)} ${seconds.padStart(3)}s`);
}
console.log("TOTAL", report.numPassedTests, report.numFailedTests + report.numRuntimeErrorTestSuites);'

main() {
  local folder status=0 passed failed
  folder=$(mktemp -d)
  # shellcheck disable=SC2064 # the folder is known only here
  trap "rm -rf '$folder'" EXIT
  npx --no-install jest --config jest.rehearsal.config.cjs --testSequencer=./__tests__/rehearsed/in-order.cjs \
    --json --outputFile="$folder/report.json" "$@" >"$folder/log" 2>&1 || status=$?
  node -e "$READ_REPORT" "$folder/report.json" >"$folder/suites" 2>/dev/null || echo 'TOTAL 0 1' >"$folder/suites"
  read -r _ passed failed < <(grep '^TOTAL ' "$folder/suites")
  if [[ $status != 0 && $failed == 0 ]]; then failed=1; fi
  grep -v '^TOTAL ' "$folder/suites"
  if [[ $failed != 0 ]]; then
    node tools/jest-failures.mjs "$folder/report.json"
    tail -n 200 "$folder/log"
  fi
  printf 'rehearsal: %d passed, %d failed\n' "$passed" "$failed"
  ((failed == 0))
}

main "$@"
