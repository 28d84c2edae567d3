#!/usr/bin/env bash
# What is proven, in order. Sourced by prove.sh.

scenes() {
  begins
  agent_joins
  pod_runs
  other_cluster_is_refused
  server_joins h2
  power_cut_and_back
  lost_data_replaces_the_member
  node_deleted_frees_its_member
  manifests_are_applied
  token_is_rotated
}

k() { in_host "${API_HOST:-h1}" /var/lib/rancher/rke2/bin/kubectl --kubeconfig /etc/rancher/rke2/rke2.yaml --request-timeout 10s "$@"; }

# configure NAME: config.yaml out of stdin
configure() { in_host "$1" sh -c 'umask 077; mkdir -p /etc/rancher/rke2; cat >/etc/rancher/rke2/config.yaml'; }

start_unit() { in_host "$1" systemctl enable --quiet --now --no-block "$2"; }

is_active() { in_host "$1" systemctl is-active --quiet "$2"; }

is_ready() { [ "$(k get node "$1" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}' 2>/dev/null)" = True ]; }

is_not_ready() { ! is_ready "$1"; }

has_members() { [ "$(k get nodes -l node-role.kubernetes.io/etcd=true -o name | wc -l)" = "$1" ]; }

# parts NAME UNIT: where the time since its last start went
parts() {
  in_host "$1" sh -c 'journalctl --no-pager --output cat --unit "$1" _SYSTEMD_INVOCATION_ID="$(systemctl show --property InvocationID --value "$1")"' \
    parts "$2" | sed -nE 's/.*msg=ready what=(.*) after=(.*)/               \1 \2/p; s/.*msg="component is restarted" name=([a-z-]+) .*/               \1 restarted/p'
}

begins() {
  mark
  printf '%s\n' "$SECRET" | in_host h1 sh -c 'cat >/etc/proof-secret'
  printf 'node-name: h1\ntoken-file: /etc/proof-secret\ntls-san: [api.proof.test]\nnode-label: [drover/role=server]\n%s\n' \
    'kube-apiserver-arg: ["service-account-issuer=https://issuer.proof.test"]' | configure h1
  start_unit h1 rke2-server
  wait_for 120 'rke2-server of h1' is_active h1 rke2-server
  tell 'h1: first server active'
  wait_for 60 'h1 Ready' is_ready h1
  tell 'h1: Ready'
  parts h1 rke2-server
  TOKEN=$(in_host h1 cat /var/lib/rancher/rke2/server/token)
  [ "${TOKEN#K10}" != "$TOKEN" ] && [ "${TOKEN##*:}" = "$SECRET" ]
  [ "$(k get --raw /.well-known/openid-configuration | grep -c '"issuer":"https://issuer.proof.test"')" = 1 ]
  wait_for 10 'the roles of h1' has_members 1
}

agent_joins() {
  mark
  printf 'server: https://%s:9345\ntoken: %s\nnode-label: [drover/role=worker]\nkubelet-arg: ["provider-id=aws:///z/i-1"]\n' \
    "$(address_of h1)" "$TOKEN" | configure h4
  start_unit h4 rke2-agent
  wait_for 60 'h4 Ready' is_ready h4
  tell 'h4: agent Ready'
  parts h4 rke2-agent
  wait_for 30 'rke2-agent of h4' is_active h4 rke2-agent
  [ "$(k get node h4 -o 'jsonpath={.spec.providerID}')" = aws:///z/i-1 ]
  [ "$(in_host h4 /var/lib/rancher/rke2/bin/kubectl --kubeconfig /var/lib/rancher/rke2/agent/kubelet.kubeconfig \
    auth whoami -o 'jsonpath={.status.userInfo.username}')" = system:node:h4 ]
}

pod_is_running() { [ "$(k get pod "$1" -o 'jsonpath={.status.phase}' 2>/dev/null)" = Running ]; }

pod_runs() {
  mark
  wait_for 30 'the default service account' k get serviceaccount default >/dev/null 2>&1
  k run sleeper --image docker.io/rancher/mirrored-pause:3.6 --image-pull-policy Never \
    --overrides '{"spec":{"nodeName":"h4","tolerations":[{"operator":"Exists"}]}}' >/dev/null
  wait_for 60 'pod sleeper' pod_is_running sleeper
  tell 'h4: a pod runs'
  k logs sleeper >/dev/null
  # a pod on h4 is reached from h1
  in_host h1 ping -c 1 -W 3 "$(k get pod sleeper -o 'jsonpath={.status.podIP}')" >/dev/null
}

other_cluster_is_refused() {
  local wrong
  wrong="K10$(printf '0%.0s' {1..64})::server:${SECRET}"
  if in_host h2 timeout 30 rke2 agent --server "https://$(address_of h1):9345" --token "$wrong" >"${WORK}/refused" 2>&1; then
    exit 1
  fi
  grep -q "token CA hash does not match the cluster CA certificate hash" "${WORK}/refused"
  printf 'unknown-key: 1\n' | configure h2
  ! in_host h2 rke2 server >"${WORK}/refused" 2>&1
  grep -q "unknown key 'unknown-key' in '/etc/rancher/rke2/config.yaml'" "${WORK}/refused"
}

server_joins() {
  mark
  printf 'node-name: %s\nserver: https://%s:9345\ntoken: %s\n%s\n' "$1" "$(address_of h1)" "$TOKEN" \
    'kube-apiserver-arg: ["service-account-issuer=https://issuer.proof.test"]' | configure "$1"
  start_unit "$1" rke2-server
  wait_for 180 "rke2-server of $1" is_active "$1" rke2-server
  tell "$1: joined, active"
  wait_for 60 "$1 Ready" is_ready "$1"
  tell "$1: Ready"
  parts "$1" rke2-server
}

power_cut_and_back() {
  add_host h3
  host_on h3
  wait_for 60 'h3 to boot' is_booted h3
  server_joins h3
  mark
  host_cut h1
  API_HOST=h2
  wait_for 30 'h2 to answer' k get --raw /readyz >/dev/null 2>&1
  tell 'h1: power cut, h2 answers'
  wait_for 60 'h1 NotReady' is_not_ready h1
  tell 'h1: NotReady'
  is_ready h4
  mark
  host_on h1
  wait_for 60 'h1 to boot' is_booted h1
  tell 'h1: power on to booted'
  wait_for 60 'rke2-server of h1' is_active h1 rke2-server
  tell 'h1: active, with its own data'
  wait_for 60 'h1 Ready' is_ready h1
  tell 'h1: power on to Ready'
  parts h1 rke2-server
}

# the node's password is kept, its data is not: the member that the data belonged to is stale
lost_data_replaces_the_member() {
  mark
  in_host h2 systemctl stop rke2-server
  in_host h2 rm -rf /var/lib/rancher/rke2
  start_unit h2 rke2-server
  API_HOST=h1
  wait_for 120 'rke2-server of h2' is_active h2 rke2-server
  tell 'h2: joined again after losing its data, stale member removed'
  wait_for 60 'h2 Ready' is_ready h2
  API_HOST=h2
  [ "$(in_host h1 journalctl --unit rke2-server --no-pager | grep -c 'removing the stale etcd member')" = 1 ]
}

node_is_gone() { ! k get node "$1" >/dev/null 2>&1; }

node_deleted_frees_its_member() {
  mark
  in_host h3 systemctl stop rke2-server
  tell 'h3: stopped in order'
  in_host h3 rm -rf /etc/rancher/node /var/lib/rancher/rke2
  host_cut h3
  host_on h3
  wait_for 60 'h3 to boot' is_booted h3
  # same name, another password: refused while the node is there
  wait_for 60 'the renewed h3 to be refused' refused_for_password
  tell 'h3: renewed machine refused while the old node is there'
  k delete node h3 --wait=false >/dev/null
  wait_for 60 'node h3 gone' node_is_gone h3
  tell 'h3: node deleted, member removed'
  wait_for 120 'h3 Ready' is_ready h3
  tell 'h3: joined again with an empty disk, Ready'
  wait_for 10 'three members' has_members 3
}

refused_for_password() { in_host h3 journalctl --unit rke2-server --no-pager | grep -q 'node password rejected'; }

manifests_are_applied() {
  mark
  printf '%s\n' 'apiVersion: v1' 'kind: ConfigMap' 'metadata: {name: proof, namespace: default}' 'data: {a: b}' '---' \
    'apiVersion: helm.cattle.io/v1' 'kind: HelmChart' 'metadata: {name: chart, namespace: kube-system}' 'spec: {chart: x}' |
    in_host h2 sh -c 'mkdir -p /var/lib/rancher/rke2/server/manifests; cat >/var/lib/rancher/rke2/server/manifests/proof.yaml'
  wait_for 30 'the manifest' k get configmap proof >/dev/null 2>&1
  tell 'manifest applied'
  k --namespace kube-system get helmchart chart >/dev/null
}

has_token() { [ "$(in_host "$1" cat /var/lib/rancher/rke2/server/token)" = "$2" ]; }

# the pod of an agent outlives the restart of its service; an agent with the old token is refused
token_is_rotated() {
  local rotated="${TOKEN%"$SECRET"}another-secret" started
  mark
  in_host h2 rke2 token rotate --token "$TOKEN" --new-token another-secret
  wait_for 30 'the rotated token at h1' has_token h1 "$rotated"
  tell 'token rotated at all servers'
  if in_host h4 timeout 20 rke2 token rotate --server "https://$(address_of h1):9345" --token "$TOKEN" --new-token x 2>"${WORK}/refused"; then
    exit 1
  fi
  grep -q "the token is not this cluster's" "${WORK}/refused"
  started=$(k get pod sleeper -o 'jsonpath={.status.containerStatuses[0].state.running.startedAt}')
  in_host h4 sed -i "s/${SECRET}/another-secret/" /etc/rancher/rke2/config.yaml
  in_host h4 systemctl restart rke2-agent
  wait_for 30 'h4 Ready' is_ready h4
  [ "$(k get pod sleeper -o 'jsonpath={.status.containerStatuses[0].state.running.startedAt}')" = "$started" ]
  tell 'h4: restarted with the new token, its pod kept running'
}
