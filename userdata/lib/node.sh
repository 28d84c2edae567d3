#!/usr/bin/env bash
# Kubernetes as this machine sees it. Sourced after lib.sh (and lib/cloud.sh where apply_provider_id_setting is used).

RKE2_DIR='/var/lib/rancher/rke2'

# kubectl_with KUBECONFIG ARGUMENT...: the kubectl that RKE2 brings; a request takes at most 10 s
kubectl_with() {
  local kubeconfig="${ROOT}$1"
  shift
  "${ROOT}${RKE2_DIR}/bin/kubectl" --kubeconfig "$kubeconfig" --request-timeout 10s "$@"
}

admin_kubectl() { kubectl_with /etc/rancher/rke2/rke2.yaml "$@"; }

kubelet_kubectl() { kubectl_with "${RKE2_DIR}/agent/kubelet.kubeconfig" "$@"; }

# kubelet_api PATH [CURL ARGUMENT...]: for what is asked again and again: kubectl's start alone takes five times the work
kubelet_api() {
  local path=$1 agent="${ROOT}${RKE2_DIR}/agent"
  shift
  curl --silent --fail --max-time 10 --noproxy '*' --cacert "${agent}/server-ca.crt" \
    --cert "${agent}/client-kubelet.crt" --key "${agent}/client-kubelet.key" "$@" "https://127.0.0.1:6443${path}"
}

# own_node_name: the name under which the kubelet is known to its cluster
own_node_name() {
  local review
  review=$(kubelet_api /apis/authentication.k8s.io/v1/selfsubjectreviews --header 'Content-Type: application/json' \
    --data '{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}') || return
  [[ $review =~ \"username\":[[:space:]]*\"system:node:([^\"]+)\" ]] || return
  printf '%s\n' "${BASH_REMATCH[1]}"
}

# node_is_ready NODE
node_is_ready() {
  local node
  node=$(kubelet_api "/api/v1/nodes/$1") || return
  [[ $node =~ \"type\":[[:space:]]*\"Ready\",[[:space:]]*\"status\":[[:space:]]*\"True\" ]]
}

# write_provider_id: lets the kubelet say which machine it is, where no cloud controller manager does.
# RKE2 appends a list under a key with + to the one in config.yaml
write_provider_id() {
  local id
  id=$(machine_provider_id) || die "could not read this machine's provider id from its metadata"
  yaml_list 'kubelet-arg+' "provider-id=${id}" | write_file /etc/rancher/rke2/config.yaml.d/50-drover.yaml 0600
}

# apply_provider_id_setting: does what PROVIDER_ID_BY says (self, or ccm: the cloud controller manager sets it)
apply_provider_id_setting() {
  : "${PROVIDER_ID_BY:=ccm}"
  one_of PROVIDER_ID_BY self ccm
  if [ "$PROVIDER_ID_BY" = self ]; then
    write_provider_id
  else
    log 'the cloud controller manager sets the provider id'
  fi
}
