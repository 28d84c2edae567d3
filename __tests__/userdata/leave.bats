load helper

setup() {
  setup_machine
  answers_of_identity
  place /etc/drover/bootstrap.env "REGION='eu-west-1'
ASG_NAME='group-1'
LIFECYCLE_LEAVE_HOOK='leaving'
LEAVE_WATCH_SEC='10'
LEAVE_DEADLINE_SEC='30'"
  export PODS="${BATS_TEST_TMPDIR}/pods.json"
  cat >"$PODS" <<'END'
{"items": [
  {"metadata": {"namespace": "shop", "name": "web-1"}, "status": {"phase": "Running"}},
  {"metadata": {"namespace": "shop", "name": "job-1"}, "status": {"phase": "Succeeded"}},
  {"metadata": {"namespace": "kube-system", "name": "agent", "ownerReferences": [{"kind": "DaemonSet"}]}},
  {"metadata": {"namespace": "kube-system", "name": "proxy", "annotations": {"kubernetes.io/config.mirror": "x"}}}
]}
END
  answer selfsubjectreviews '{"userInfo": {"username": "system:node:n1"}}'
  executable /var/lib/rancher/rke2/bin/kubectl 'case "$*" in
    *"get pods"*) cat "$PODS" ;;
    *"create --raw"*) cat >>"${BATS_TEST_TMPDIR}/evictions"; echo "{\"items\": []}" >"$PODS" ;;
  esac'
  answer Action=CompleteLifecycleAction ''
}

leave() { run "${USERDATA}/units/leave.sh"; }

announced() { answer meta-data/autoscaling/target-lifecycle-state Terminated; }

@test "nothing announced ends one watch with 75" {
  answer meta-data/autoscaling/target-lifecycle-state InService
  leave
  ended 75
  not_called kubectl
}

@test "a termination marks the node, evicts its own pods and tells the scaling group" {
  announced
  leave
  ended 0
  called 'patch node n1 --patch {"spec":{"unschedulable":true}}'
  called '--field-selector spec.nodeName=n1'
  [ "$(<"${BATS_TEST_TMPDIR}/evictions")" = '{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"namespace":"shop","name":"web-1"}}' ]
  requested 'LifecycleHookName=leaving'
  requested 'LifecycleActionResult=CONTINUE'
}

@test "a spot notice is a termination too" {
  answer meta-data/spot/instance-action '{"action": "terminate"}'
  printf '{"items": []}' >"$PODS"
  leave
  ended 0
  called 'patch node n1'
}

@test "a rebalance recommendation marks the node once and evicts nothing" {
  answer meta-data/autoscaling/target-lifecycle-state InService
  answer meta-data/events/recommendations/rebalance '{"noticeTime": "2030-01-01T00:00:00Z"}'
  leave
  ended 75
  [ "$(grep -c 'patch node n1' "$CALLS")" -eq 1 ]
  said "a rebalance is recommended: node 'n1' takes no further pods"
  not_called 'create --raw'
  not_requested CompleteLifecycleAction
}

@test "a node that can't be marked yet is marked at the next look" {
  answer meta-data/autoscaling/target-lifecycle-state InService
  answer meta-data/events/recommendations/rebalance '{"noticeTime": "2030-01-01T00:00:00Z"}'
  executable /var/lib/rancher/rke2/bin/kubectl 'exit 1'
  leave
  ended 75
  [ "$(grep -c 'patch node n1' "$CALLS")" -gt 1 ]
}

@test "the scaling group is told through the proxy of the settings" {
  announced
  printf '{"items": []}' >"$PODS"
  printf "HTTPS_PROXY='http://proxy.example.org:3128'\n" >>"${DROVER_ROOT}/etc/drover/bootstrap.env"
  executable /var/lib/rancher/rke2/bin/kubectl 'case "$*" in
    *"get pods"*) printf "%s" "$HTTPS_PROXY" >"${BATS_TEST_TMPDIR}/proxy"; cat "$PODS" ;;
  esac'
  leave
  ended 0
  [ "$(<"${BATS_TEST_TMPDIR}/proxy")" = http://proxy.example.org:3128 ]
}

@test "pods that a disruption budget keeps are asked again until the deadline, then the machine goes" {
  announced
  executable /var/lib/rancher/rke2/bin/kubectl 'case "$*" in
    *"get pods"*) cat "$PODS" ;;
    *"create --raw"*) exit 1 ;;
  esac'
  leave
  ended 0
  said "pod 'shop/web-1' is not evicted yet"
  said "gave up after 30 s (deadline 30 s) waiting for the pods of node 'n1' to go"
  requested 'LifecycleActionResult=CONTINUE'
}

@test "a machine that is no node yet still answers its scaling group" {
  announced
  answer selfsubjectreviews '' 22
  leave
  ended 0
  said "could not learn this node's name: nothing is evicted"
  requested 'LifecycleHookName=leaving'
}
