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
  executable /var/lib/rancher/rke2/bin/kubectl 'case "$*" in
    *whoami*) printf system:node:n1 ;;
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

@test "pods that a disruption budget keeps are asked again until the deadline, then the machine goes" {
  announced
  executable /var/lib/rancher/rke2/bin/kubectl 'case "$*" in
    *whoami*) printf system:node:n1 ;;
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
  executable /var/lib/rancher/rke2/bin/kubectl 'exit 1'
  leave
  ended 0
  said "could not learn this node's name: nothing is evicted"
  requested 'LifecycleHookName=leaving'
}
