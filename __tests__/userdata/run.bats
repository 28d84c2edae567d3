load helper

setup() {
  setup_machine
  # a bundle of its own, with steps that only say their names
  BUNDLE="${BATS_TEST_TMPDIR}/bundle"
  mkdir -p "${BUNDLE}/steps" "${DROVER_ROOT}/dev"
  cp -R "${USERDATA}/run.sh" "${USERDATA}/lib.sh" "${USERDATA}/lib" "$BUNDLE"
  for name in one two three; do new_step "$name" "echo this is $name"; done
  settings "STEPS='one two'"
}

new_step() { printf '%s\n' "$2" >"${BUNDLE}/steps/$1.sh"; }

settings() { place /etc/drover/bootstrap.env "BUNDLE_SHA256='abc123'
$1"; }

report() { python3 "${USERDATA}/lib/json_get.py" "$@" <"${DROVER_ROOT}/var/lib/drover/bootstrap.json"; }

@test "steps run in the order of the settings, and the report says so" {
  run "${BUNDLE}/run.sh"
  ended 0
  [ "$(report result)" = ok ]
  [ "$(report bundle)" = abc123 ]
  [ "$(report steps 0 name) $(report steps 1 name)" = 'one two' ]
  [ "$(report steps 1 result) $(report steps 1 code)" = 'ok 0' ]
  [[ $output == *'this is one'*'this is two'* ]]
  [[ $output != *'this is three'* ]]
  [ "$(content /dev/console)" = 'drover bootstrap: ok' ]
}

@test "the report says to a hundredth how long each step took, waited and downloaded" {
  new_step one '. "$BOOTSTRAP_LIB"
note_time waited 100 250
note_time waited 300 301
note_time downloaded 0 40
env -i PATH=/usr/bin:/bin sleep 0.3'
  run "${BUNDLE}/run.sh"
  ended 0
  [[ $(report steps 0 seconds) =~ ^0\.[3-9][0-9]?$|^[1-9] ]]
  [ "$(report steps 0 waited) $(report steps 0 downloaded)" = '1.51 0.4' ]
  [ "$(report steps 1 waited) $(report steps 1 downloaded)" = '0.0 0.0' ]
  [ "$(ls "${DROVER_ROOT}/run/drover")" = run.lock ]
}

@test "the output of every run is kept in the log" {
  run "${BUNDLE}/run.sh"
  run "${BUNDLE}/run.sh"
  ended 0
  [ "$(grep -c 'this is one' "${DROVER_ROOT}/var/log/drover-bootstrap.log")" -eq 2 ]
}

@test "the first failure stops the run and is named everywhere" {
  new_step one 'echo oops >&2; exit 3'
  run "${BUNDLE}/run.sh"
  ended 20
  [ "$(report result)" = failed:one ]
  [ "$(report steps 0 code)" = 3 ]
  [[ $output != *'this is two'* ]]
  said "step 'one' failed with exit code 3"
  grep -q oops "${DROVER_ROOT}/var/log/drover-bootstrap.log"
  [ "$(content /dev/console)" = 'drover bootstrap: failed:one' ]
}

@test "the result has a line of its own for readers without JSON" {
  run "${BUNDLE}/run.sh"
  grep -qx '  "result": "ok",' "${DROVER_ROOT}/var/lib/drover/bootstrap.json"
}

@test "an unknown step is found before anything runs" {
  settings "STEPS='one no-such-step'"
  run "${BUNDLE}/run.sh"
  ended 10
  said "unknown step 'no-such-step' in STEPS"
  [[ $output != *'this is one'* ]]
  [ "$(report result)" = failed:no-such-step ]
}

@test "hooks run before and after the steps in the order of their names" {
  place /etc/drover/hooks/before/20-b.sh 'echo hook b'
  place /etc/drover/hooks/before/10-a.sh 'echo hook a'
  place /etc/drover/hooks/after/10-z.sh 'echo hook z'
  run "${BUNDLE}/run.sh"
  ended 0
  [[ $output == *'hook a'*'hook b'*'this is one'*'this is two'*'hook z'* ]]
  [ "$(report steps 0 name)" = hook-before-10-a ]
}

@test "hooks of the environment, which the bundle holds, run after those of the machine" {
  place /etc/drover/hooks/before/50-machine.sh 'echo hook of the machine'
  mkdir -p "${BUNDLE}/hooks/before" "${BUNDLE}/hooks/after"
  echo 'echo hook of the environment' >"${BUNDLE}/hooks/before/01-one.sh"
  echo 'echo last hook' >"${BUNDLE}/hooks/after/01-two.sh"
  run "${BUNDLE}/run.sh"
  ended 0
  [[ $output == *'hook of the machine'*'hook of the environment'*'this is one'*'last hook'* ]]
  [ "$(report steps 1 name)" = hook-before-01-one ]
}

@test "a hook that fails fails the run" {
  place /etc/drover/hooks/before/10-a.sh 'exit 1'
  run "${BUNDLE}/run.sh"
  ended 20
  [ "$(report result)" = failed:hook-before-10-a ]
}

@test "no hooks are mentioned, not skipped silently" {
  run "${BUNDLE}/run.sh"
  said 'no hooks before the steps'
  said 'no hooks after the steps'
}

@test "single steps run without hooks" {
  place /etc/drover/hooks/before/10-a.sh 'echo hook a'
  run "${BUNDLE}/run.sh" three
  ended 0
  said 'this is three'
  [[ $output != *'hook a'* ]]
}

@test "what goes on at the next boot is taken away once all is well, not before" {
  stub systemctl
  place /etc/systemd/system/drover-bootstrap.service
  new_step two 'exit 1'
  run "${BUNDLE}/run.sh"
  ended 20
  new_step two ''
  run "${BUNDLE}/run.sh" two
  ended 0
  not_called disable
  run "${BUNDLE}/run.sh"
  ended 0
  called 'systemctl disable --quiet --no-reload drover-bootstrap'
}

@test "two runs at once are refused" {
  mkdir -p "${DROVER_ROOT}/run/drover"
  exec 8>"${DROVER_ROOT}/run/drover/run.lock"
  flock 8
  run "${BUNDLE}/run.sh"
  ended 30
  said 'another run is under way'
  exec 8>&-
}

@test "what a step leaves running does not count as a run" {
  new_step one '/usr/bin/sleep 60 >/dev/null 2>&1 & echo $! >>"$DROVER_ROOT/left"'
  "${BUNDLE}/run.sh"
  run "${BUNDLE}/run.sh"
  xargs kill <"${DROVER_ROOT}/left"
  ended 0
}

@test "settings reach the steps, quotes and spaces included" {
  new_step one 'printf "<%s>\n" "$NODE_LABELS" "$ODD"'
  settings "STEPS='one'
NODE_LABELS='a=b c=d'
ODD='it'\"'\"'s \$HOME'"
  run "${BUNDLE}/run.sh"
  said '<a=b c=d>'
  said "<it's \$HOME>"
}

@test "on AWS the instance carries the result as a tag" {
  answers_of_identity
  answer Action=CreateTags ''
  settings "STEPS='one'
DROVER_CLOUD='aws'"
  run "${BUNDLE}/run.sh"
  ended 0
  requested 'data-urlencode = "Tag.1.Key=drover:bootstrap"'
  requested 'data-urlencode = "Tag.1.Value=ok"'
  not_requested CompleteLifecycleAction
}

@test "a failed machine of a scaling group is given up" {
  answers_of_identity
  answer Action= ''
  new_step one 'exit 1'
  settings "STEPS='one'
DROVER_CLOUD='aws'
LIFECYCLE_HOOK='joined'
ASG_NAME='group-1'"
  run "${BUNDLE}/run.sh"
  ended 20
  requested 'Tag.1.Value=failed:one'
  requested 'LifecycleActionResult=ABANDON'
}

@test "a cloud that hears nothing does not change the result" {
  settings "STEPS='one'
DROVER_CLOUD='aws'"
  run "${BUNDLE}/run.sh"
  ended 0
  said "could not set tag 'drover:bootstrap' to 'ok'"
}

@test "on Azure the console carries the result, and no cloud is asked" {
  new_step one 'exit 1'
  settings "STEPS='one'
DROVER_CLOUD='azure'"
  run "${BUNDLE}/run.sh"
  ended 20
  [ "$(content /dev/console)" = 'drover bootstrap: failed:one' ]
  [ "$(report result)" = failed:one ]
  not_called curl
}

@test "missing settings are said" {
  settings ''
  run "${BUNDLE}/run.sh"
  ended 2
  said "'STEPS' is missing"
  rm "${DROVER_ROOT}/etc/drover/bootstrap.env"
  run "${BUNDLE}/run.sh"
  ended 2
  said "no settings: '${DROVER_ROOT}/etc/drover/bootstrap.env' is missing"
}
