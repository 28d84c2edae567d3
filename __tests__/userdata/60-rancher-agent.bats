load helper

setup() {
  setup_machine
  answers_of_identity
  export RANCHER_URL=https://rancher.example.org RANCHER_TOKEN_PARAMETER=/drover/token
  export RANCHER_CHECKSUM_PARAMETER=/drover/checksum NODE_ROLES=worker JOIN_DEADLINE_SEC=20
  stub systemctl '[ "$1" != is-active ] || [ -e "${BATS_TEST_TMPDIR}/active" ]'
  stub timeout 'shift; exec "$@"'
  CA_SUM=$(printf 'the CA' | sha256sum | cut -d' ' -f1)
  parameter /drover/token hush
  parameter /drover/checksum "$CA_SUM"
  answer https://rancher.example.org/cacerts 'the CA'
  answer https://rancher.example.org/system-agent-install.sh \
    'echo "installer $*"; [ "$CATTLE_TOKEN" = hush ] && echo "token is there"'
}

@test "a worker registers with its role, address, labels and taints, and the token in no argument" {
  NODE_LABELS='pool=a drover=x' NODE_TAINTS='gpu=yes:NoSchedule' step 60-rancher-agent
  ended 0
  said "installer --worker --server https://rancher.example.org --address 10.0.0.9 --internal-address 10.0.0.9 --label cattle.io/os=linux --ca-checksum ${CA_SUM} --label pool=a --label drover=x --taints gpu=yes:NoSchedule"
  said 'token is there'
  not_called hush
}

@test "a server registers with its roles and its fixed name" {
  NODE_ROLES='etcd controlplane' DROVER_NODE=dev-shop-s1 step 60-rancher-agent
  ended 0
  said 'installer --etcd --controlplane --server'
  said '--node-name dev-shop-s1'
}

@test "the installer is fetched with the CA whose checksum was compared" {
  step 60-rancher-agent
  grep -q -- '--cacert .*/ca.pem .*/system-agent-install.sh' "$CALLS"
  grep -q -- '--insecure .*/cacerts' "$CALLS"
}

@test "another CA than the published one is refused before anything is run" {
  answer https://rancher.example.org/cacerts 'a stranger'
  step 60-rancher-agent
  ended 1
  said "this is not the Rancher that was deployed"
  not_called system-agent-install.sh
}

@test "a public CA is trusted through the system's own store" {
  parameter /drover/checksum none
  step 60-rancher-agent
  ended 0
  not_called insecure
  [[ $output != *--ca-checksum* ]]
}

@test "a token that Rancher has not published yet is waited for" {
  parameter /drover/token pending 1
  step 60-rancher-agent
  ended 0
  called 'sleep '
}

@test "a token that is never published ends the step at the deadline" {
  parameter /drover/token pending
  step 60-rancher-agent
  ended 3
  said "waiting for parameter '/drover/token' to be other than 'pending'"
}

@test "an installer that fails fails the step with its exit code" {
  answer https://rancher.example.org/system-agent-install.sh 'exit 7'
  step 60-rancher-agent
  ended 1
  said "did not register this machine (exit code 7; 124 means not within 20 s)"
}

@test "a registered machine is not registered again" {
  touch "${BATS_TEST_TMPDIR}/active"
  place /etc/rancher/agent/cattle-id id-1
  step 60-rancher-agent
  ended 0
  said 'this machine is registered'
  not_called curl
}

@test "the kubelet says its provider id where no cloud controller manager does" {
  PROVIDER_ID_BY=self step 60-rancher-agent
  [ "$(content /etc/rancher/rke2/config.yaml.d/50-drover.yaml)" = 'kubelet-arg+:
  - "provider-id=aws:///eu-west-1a/i-0abc"' ]
}

@test "a node labels itself with its region, zone and type where no cloud controller manager does" {
  answer meta-data/placement/region eu-west-1
  answer meta-data/instance-type m7i.large
  NODE_LABELS='pool=a' TOPOLOGY_BY=self step 60-rancher-agent
  ended 0
  said '--label pool=a --label topology.kubernetes.io/region=eu-west-1 --label topology.kubernetes.io/zone=eu-west-1a --label node.kubernetes.io/instance-type=m7i.large'
}

@test "a machine that can't say where it is does not register" {
  answer meta-data/placement/region '' 22
  TOPOLOGY_BY=self step 60-rancher-agent
  ended 1
  said "could not read this machine's region and zone from its metadata"
  [[ $output != *installer* ]]
}

@test "only itself or the cloud controller manager labels a node" {
  TOPOLOGY_BY=nobody step 60-rancher-agent
  ended 2
  said "'TOPOLOGY_BY' is 'nobody', allowed is one of: self ccm"
}

@test "a guest registers as the machine of its own platform that it is, whatever its cluster's home" {
  answers_of_azure
  vault_secret shop-token hush
  vault_secret shop-checksum none
  DROVER_CLOUD=aws DROVER_PLATFORM=azure RANCHER_TOKEN_PARAMETER=shop-token RANCHER_CHECKSUM_PARAMETER=shop-checksum \
    step 60-rancher-agent
  ended 0
  said '--address 10.30.0.9 --internal-address 10.30.0.9'
  not_called /latest/
}

@test "a host on metal registers as a guest under its own name, with the labels that it is told" {
  export SECRET_STORE=file DROVER_CLOUD=aws DROVER_PLATFORM=metal
  place /etc/drover/secrets/token hush
  place /etc/drover/secrets/checksum none
  chmod 0400 "${DROVER_ROOT}/etc/drover/secrets"/*
  HOST_ADDRESS=10.40.0.41 DROVER_SITE=dc1 DROVER_NODE=kv-07 NODE_LABELS='topology.kubernetes.io/zone=rack-a' \
    PROVIDER_ID_BY=self TOPOLOGY_BY=self RANCHER_TOKEN_PARAMETER=token RANCHER_CHECKSUM_PARAMETER=checksum \
    step 60-rancher-agent
  ended 0
  said '--address 10.40.0.41 --internal-address 10.40.0.41'
  said '--node-name kv-07 --label topology.kubernetes.io/zone=rack-a'
  [ "$(content /etc/rancher/rke2/config.yaml.d/50-drover.yaml)" = 'kubelet-arg+:
  - "provider-id=metal://dc1/kv-07"' ]
}

@test "unknown roles are refused" {
  NODE_ROLES='worker boss' step 60-rancher-agent
  ended 2
  said "'NODE_ROLES' holds 'boss', allowed are etcd, controlplane and worker"
}

@test "on Azure a worker registers with the address of its metadata and secrets of Key Vault" {
  answers_of_azure
  vault_secret shop-token hush
  vault_secret shop-checksum "$CA_SUM"
  RANCHER_TOKEN_PARAMETER=shop-token RANCHER_CHECKSUM_PARAMETER=shop-checksum step 60-rancher-agent
  ended 0
  said '--address 10.30.0.9 --internal-address 10.30.0.9'
  said 'the cloud controller manager sets the provider id'
  not_called hush
  not_called /latest/
}

@test "on Azure the kubelet's provider id has its resource group in small letters" {
  answers_of_azure
  vault_secret shop-token hush
  vault_secret shop-checksum none
  PROVIDER_ID_BY=self RANCHER_TOKEN_PARAMETER=shop-token RANCHER_CHECKSUM_PARAMETER=shop-checksum step 60-rancher-agent
  ended 0
  [ "$(content /etc/rancher/rke2/config.yaml.d/50-drover.yaml)" = 'kubelet-arg+:
  - "provider-id=azure:///subscriptions/sub-1/resourceGroups/drover-shop/providers/Microsoft.Compute/virtualMachineScaleSets/workers/virtualMachines/3"' ]
}

@test "on Azure a node labels itself with the zone as the cloud controller manager calls it, or with none" {
  answers_of_azure
  vault_secret shop-token hush
  vault_secret shop-checksum none
  answer compute/location westeurope
  answer compute/vmSize Standard_D4s_v5
  answer compute/zone 2
  export TOPOLOGY_BY=self RANCHER_TOKEN_PARAMETER=shop-token RANCHER_CHECKSUM_PARAMETER=shop-checksum
  step 60-rancher-agent
  ended 0
  said '--label topology.kubernetes.io/region=westeurope --label topology.kubernetes.io/zone=westeurope-2 --label node.kubernetes.io/instance-type=Standard_D4s_v5'
  answer compute/zone ''
  step 60-rancher-agent
  ended 0
  said '--label topology.kubernetes.io/region=westeurope --label node.kubernetes.io/instance-type=Standard_D4s_v5'
}

@test "on Azure metadata that does not answer is said" {
  answers_of_azure
  vault_secret shop-token hush
  vault_secret shop-checksum none
  answer privateIpAddress '' 22
  RANCHER_TOKEN_PARAMETER=shop-token RANCHER_CHECKSUM_PARAMETER=shop-checksum step 60-rancher-agent
  ended 1
  said "could not read this machine's address from its metadata"
  answer compute/resourceId something-else
  PROVIDER_ID_BY=self step 60-rancher-agent
  ended 1
  said "could not read this machine's provider id from its metadata"
}

@test "a cloud that Drover does not know is refused" {
  DROVER_CLOUD=moon step 60-rancher-agent
  ended 2
  said "'DROVER_CLOUD' is 'moon', allowed is one of: aws azure"
}
