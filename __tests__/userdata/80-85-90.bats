load helper

setup() {
  setup_machine
  answers_of_identity
  stub systemctl
}

# a_node USER READY: a kubelet that is up, as the API answers it
a_node() {
  answer 10248/healthz ok
  answer selfsubjectreviews "{\"status\": {\"userInfo\": {\"username\": \"$1\"}}}"
  answer /api/v1/nodes/dev-shop-s1 "{\"conditions\": [
    {\"type\": \"DiskPressure\", \"status\": \"True\"}, {\"type\": \"Ready\", \"status\": \"$2\"}]}"
}

@test "a node is healthy once its kubelet answers and it is Ready" {
  a_node system:node:dev-shop-s1 True
  step 80-health
  ended 0
  said "node 'dev-shop-s1' is Ready"
  called "--cert ${DROVER_ROOT}/var/lib/rancher/rke2/agent/client-kubelet.crt"
}

@test "a node that is never Ready ends the step at the deadline" {
  a_node system:node:dev-shop-s1 False
  HEALTH_DEADLINE_SEC=10 step 80-health
  ended 3
  said "waiting for node 'dev-shop-s1' to be Ready"
}

@test "a kubelet that never answers ends the step at the deadline" {
  HEALTH_DEADLINE_SEC=10 step 80-health
  ended 3
  said 'waiting for the kubelet to be healthy'
}

@test "a credential that is no node's is waited for, then refused" {
  a_node system:anonymous True
  step 80-health
  ended 3
  said "waiting for the cluster to know this node's credential"
}

@test "a node under another name is refused" {
  a_node system:node:dev-shop-s1 True
  DROVER_NODE=dev-shop-s2 step 80-health
  ended 1
  said "this node joined as 'dev-shop-s1', must be 'dev-shop-s2'"
}

@test "the leaving service is installed and runs the newest script" {
  step 85-leaving
  ended 0
  grep -qx 'ExecStart=/opt/drover/bundle/units/leave.sh' "${DROVER_ROOT}/etc/systemd/system/drover-leave.service"
  called 'systemctl enable --quiet --no-reload drover-leave'
  called 'systemctl restart drover-leave'
}

@test "a termination hook needs its scaling group" {
  LIFECYCLE_LEAVE_HOOK=leaving step 85-leaving
  ended 2
  said "'ASG_NAME'"
}

@test "on Azure the same service watches for the end" {
  answers_of_azure
  step 85-leaving
  ended 0
  called 'systemctl restart drover-leave'
  not_called curl
}

@test "the scaling group is told that the machine is in service" {
  answer Action=CompleteLifecycleAction ''
  LIFECYCLE_HOOK=joined ASG_NAME=group-1 step 90-complete
  ended 0
  requested 'data-urlencode = "InstanceId=i-0abc"'
  requested 'data-urlencode = "LifecycleActionResult=CONTINUE"'
}

@test "a scaling group that can't be told fails the step" {
  answer Action=CompleteLifecycleAction AccessDenied 22
  LIFECYCLE_HOOK=joined ASG_NAME=group-1 step 90-complete
  ended 3
  said "waiting for scaling group 'group-1' to take the answer"
}
