load helper

setup() { setup_machine; }

report() { place /var/lib/drover/bootstrap.json "{
  \"result\": \"$1\",
}"; }

await() { run sh "${USERDATA}/await-ready.sh"; }

@test "a bootstrap that went well ends the wait" {
  report ok
  await
  ended 0
}

@test "a bootstrap that failed ends the wait at once, with the step and the end of the log" {
  report failed:20-data-disk
  place /var/log/drover-bootstrap.log 'no such volume'
  await
  ended 1
  said "bootstrap failed at step '20-data-disk'"
  said 'no such volume'
  not_called sleep
}

@test "a bootstrap that runs is waited for" {
  report running
  stub sleep 'sed -i s/running/ok/ "${DROVER_ROOT}/var/lib/drover/bootstrap.json"'
  await
  ended 0
}

@test "a bootstrap that never ends is given up at the deadline" {
  report running
  AWAIT_DEADLINE_SEC=20 await
  ended 3
  said "no report of the bootstrap within 20 s (now 'running')"
}

@test "cloud-init being done without a report ends the wait" {
  place /var/lib/cloud/instance/boot-finished
  await
  ended 2
  said 'the bootstrap never began'
}

@test "the report of a real run is understood" {
  place /etc/drover/bootstrap.env "STEPS='80-health'"
  run "${USERDATA}/run.sh" no-such-step
  await
  ended 1
  said "bootstrap failed at step 'no-such-step'"
}

@test "a machine with a deadline of its own is waited for as long" {
  report running
  place /etc/drover/bootstrap.env "DROVER_ENV='dev'
HEALTH_DEADLINE_SEC='2700'"
  await
  ended 3
  said 'within 2700 s'
}
