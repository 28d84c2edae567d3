load helper

setup() {
  setup_machine
  # shellcheck source=../../userdata/lib.sh
  . "$BOOTSTRAP_LIB"
  set +o nounset +o pipefail
}

@test "retry gives up at its deadline and says what it waited for" {
  run retry --deadline 20 --every 5 --what 'rain' false
  ended 3
  said 'gave up after 20 s (deadline 20 s) waiting for rain'
  [ "$(grep -c '^sleep ' "$CALLS")" -eq 4 ]
  [ "$(grep -c '^sleep 5$' "$CALLS")" -eq 3 ]
}

@test "the first pause of a long pace is cut by chance, that of a short one is not" {
  run retry --deadline 10 --every 10 --what rain false
  grep -qE '^sleep [5-9]\.[0-9]$' "$CALLS"
  run retry --deadline 2 --every 2 --what rain false
  grep -qx 'sleep 2' "$CALLS"
}

@test "units are read anew only where systemd knows an older one" {
  stub systemctl '[ "$1" != show ] || echo no'
  enable_unit drover-leave
  called 'systemctl enable --quiet --no-reload drover-leave'
  not_called daemon-reload
  stub systemctl '[ "$1" != show ] || printf "no\nyes\n"'
  enable_unit drover.timer drover.service
  called 'systemctl show --property NeedDaemonReload --value drover.timer drover.service'
  called 'systemctl daemon-reload'
}

noted() { awk -v kind="$1" '$1 == kind { sum += $2 } END { print sum + 0 }' "$STEP_TIMES"; }

@test "the time until the attempt that succeeds counts as waited, the attempt itself does not" {
  export STEP_TIMES="${BATS_TEST_TMPDIR}/times"
  stub sleep 'exec /usr/bin/env -i PATH=/usr/bin:/bin sleep 0.2'
  attempt() {
    echo x >>"${BATS_TEST_TMPDIR}/attempts"
    [ "$(wc -l <"${BATS_TEST_TMPDIR}/attempts")" -eq 2 ] && env -i PATH=/usr/bin:/bin sleep 0.5
  }
  local before=0 after=0
  mark before
  retry --deadline 60 --every 1 --what it attempt
  mark after
  [ "$(noted waited)" -ge 20 ]
  [ "$(noted waited)" -le $((after - before - 50)) ]
}

@test "a wait that is given up counts as a whole" {
  export STEP_TIMES="${BATS_TEST_TMPDIR}/times"
  stub sleep 'exec /usr/bin/env -i PATH=/usr/bin:/bin sleep 0.1'
  run retry --deadline 3 --every 1 --what it false
  ended 3
  [ "$(noted waited)" -ge 30 ]
}

@test "a download that succeeds counts as one, and nothing is noted outside of a step" {
  # shellcheck source=../../userdata/lib/download.sh
  . "${LIB_DIR}/download.sh"
  stub curl 'exec /usr/bin/env -i PATH=/usr/bin:/bin sleep 0.2'
  download https://example.org/a /dev/null
  export STEP_TIMES="${BATS_TEST_TMPDIR}/times"
  download https://example.org/a /dev/null
  [ "$(noted downloaded)" -ge 20 ]
  stub curl 'exit 22'
  : >"$STEP_TIMES"
  run download https://example.org/a /dev/null
  ended 22
  [ ! -s "$STEP_TIMES" ]
}

@test "retry stops at the first success and passes its output on" {
  attempt() {
    echo x >>"${BATS_TEST_TMPDIR}/attempts"
    [ "$(wc -l <"${BATS_TEST_TMPDIR}/attempts")" -eq 3 ] && echo done
  }
  run retry --deadline 60 --every 5 --what it attempt
  ended 0
  [ "$output" = done ]
}

@test "require names every setting that is missing" {
  A=1
  run require A BEE CEE
  ended 2
  said "missing in the environment: 'BEE' 'CEE'"
}

@test "one_of says the value got and what is allowed" {
  ROLE=boss
  run one_of ROLE server worker
  ended 2
  said "'ROLE' is 'boss', allowed is one of: server worker"
}

@test "write_file sets the mode and leaves no temporary file" {
  printf 'x\n' | write_file /etc/drover/a 0600
  [ "$(content /etc/drover/a)" = x ]
  [ "$(mode /etc/drover/a)" = 600 ]
  [ "$(ls -A "${DROVER_ROOT}/etc/drover")" = a ]
}

@test "json_string escapes what JSON can't hold" {
  run json_string $'a"b\\c\nd\te'
  [ "$output" = '"a\"b\\c\nd\te"' ]
  [ "$(printf '{"k": %s}' "$output" | json_get k)" = $'a"b\\c\nd\te' ]
}

@test "json_get says which path is missing and nothing of the document" {
  run json_get Parameter Value <<<'{"secret": "hush"}'
  ended 1
  said "no 'Parameter.Value' in the JSON answer"
  [[ $output != *hush* ]]
}

@test "yaml_list writes strings, and nothing for no item" {
  run yaml_list k 'a=b:NoSchedule' 'c: d'
  [ "$output" = $'k:\n  - "a=b:NoSchedule"\n  - "c: d"' ]
  run yaml_list k
  [ -z "$output" ]
}
