load helper

setup() {
  setup_machine
  place /etc/drover/bootstrap.env "REGION='westeurope'
DROVER_CLOUD='azure'
LEAVE_WATCH_SEC='6'
LEAVE_DEADLINE_SEC='30'"
  answers_of_azure
  export PODS="${BATS_TEST_TMPDIR}/pods.json" EVICTED="${BATS_TEST_TMPDIR}/evicted"
  printf '{"items": [{"metadata": {"namespace": "shop", "name": "web-1"}, "status": {"phase": "Running"}}]}' >"$PODS"
  answer selfsubjectreviews '{"userInfo": {"username": "system:node:n1"}}'
  executable /var/lib/rancher/rke2/bin/kubectl 'case "$*" in
    *"get pods"*) cat "$PODS" ;;
    *"create --raw"*) cat >>"$EVICTED"; [ ! -e "${BATS_TEST_TMPDIR}/kept" ] || exit 1; echo "{\"items\": []}" >"$PODS" ;;
  esac'
}

leave() { run "${USERDATA}/units/leave.sh"; }

# event TYPE RESOURCE[, RESOURCE]: what the metadata announces
event() {
  answer /metadata/scheduledevents "{\"DocumentIncarnation\": 2, \"Events\": [{\"EventId\": \"event-1\",
    \"EventType\": \"$1\", \"ResourceType\": \"VirtualMachine\", \"Resources\": [$2], \"EventStatus\": \"Scheduled\"}]}"
  answer '--request POST' ''
}

OWN='"drover-shop-workers_3"'

@test "nothing announced ends one watch with 75, without a further program" {
  answer /metadata/scheduledevents '{"DocumentIncarnation": 1, "Events": []}'
  leave
  ended 75
  not_called kubectl
  not_called compute/name
  called '--header Metadata: true http://169.254.169.254/metadata/scheduledevents?api-version=2020-07-01'
}

@test "metadata that does not answer is no announcement" {
  leave
  ended 75
  not_called kubectl
}

@test "a termination marks the node, evicts its own pods and agrees to the event" {
  event Terminate "$OWN"
  leave
  ended 0
  called 'patch node n1 --patch {"spec":{"unschedulable":true}}'
  [ "$(<"$EVICTED")" = '{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"namespace":"shop","name":"web-1"}}' ]
  called '--request POST --data {"StartRequests":[{"EventId":"event-1"}]}'
  [ "$(grep -n 'request POST' "$CALLS" | cut -d: -f1)" -gt "$(grep -n 'create --raw' "$CALLS" | cut -d: -f1)" ]
  said "event 'event-1' may come"
}

@test "the end of a spot machine is a termination too, however its name is written" {
  event Preempt '"DROVER-shop-WORKERS_3"'
  leave
  ended 0
  called 'create --raw'
  called '--request POST'
}

@test "an event of another machine of the scale set, and one that is no end, change nothing" {
  event Terminate '"drover-shop-workers_30"'
  leave
  ended 75
  for kind in Reboot Redeploy Freeze; do
    event "$kind" "$OWN"
    leave
    ended 75
  done
  not_called kubectl
  not_called '--request POST'
}

@test "an event of several machines empties this one, and none answers for the others" {
  event Terminate "\"drover-shop-workers_1\", $OWN"
  leave
  ended 0
  called 'create --raw'
  not_called '--request POST'
  said "event 'event-1' is about 1 further machines: it comes when its notice is over"
}

@test "pods that a disruption budget keeps have what remains of the notice" {
  touch "${BATS_TEST_TMPDIR}/kept"
  event Terminate "$OWN"
  leave
  ended 0
  said "pod 'shop/web-1' is not evicted yet"
  said "gave up after 30 s (deadline 30 s) waiting for the pods of node 'n1' to go"
  said "event 'event-1' is not agreed to"
  not_called '--request POST'
}

@test "an answer that is refused fails, so that the service gives it once more" {
  event Terminate "$OWN"
  answer '--request POST' '' 22
  leave
  ended 1
  said "could not agree to event 'event-1'"
}

@test "events that can't be read are no announcement, and said" {
  answer /metadata/scheduledevents '{"Events": [{"EventId": 1, "Resources": null}]}'
  leave
  ended 75
  said "the scheduled events can't be read"
  not_called kubectl
}

@test "a cloud that Drover does not know is refused" {
  place /etc/drover/bootstrap.env "DROVER_CLOUD='moon'"
  leave
  ended 2
  said "'DROVER_PLATFORM' is 'moon', allowed is one of: aws azure"
}
