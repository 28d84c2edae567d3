load helper

setup() {
  setup_machine
  stub systemctl
  stub nft
  stub timeout 'shift; exec "$@"'
}

@test "rules that drop what is forwarded to the metadata are set now and at each boot, before RKE2" {
  step 12-pod-metadata
  ended 0
  cmp "${USERDATA}/units/pod-metadata.nft" "${DROVER_ROOT}/etc/drover/pod-metadata.nft"
  called "nft --file ${DROVER_ROOT}/etc/drover/pod-metadata.nft"
  called 'systemctl enable --quiet --no-reload drover-pod-metadata'
  unit=$(content /etc/systemd/system/drover-pod-metadata.service)
  [[ $unit == *$'\nBefore=rke2-server.service rke2-agent.service\n'* ]]
  [[ $unit == *$'\nRequiredBy=rke2-server.service rke2-agent.service' ]]
  [[ $unit == *$'\nExecStart=/usr/sbin/nft --file /etc/drover/pod-metadata.nft\n'* ]]
}

@test "the rules drop in the forward hook alone, so that the machine itself and hostNetwork pods keep the metadata" {
  rules=$(<"${USERDATA}/units/pod-metadata.nft")
  [ "$(grep -c 'hook ' <<<"$rules")" -eq 1 ]
  [[ $rules == *'type filter hook forward priority -10; policy accept;'* ]]
  grep -qx '    ip daddr 169.254.169.254 drop' <<<"$rules"
  grep -qx '    ip daddr 168.63.129.16 tcp dport { 80, 32526 } drop' <<<"$rules"
}

@test "a repeated run sets the rules anew and restarts nothing that RKE2 requires" {
  step 12-pod-metadata
  step 12-pod-metadata
  ended 0
  [ "$(grep -c '^nft ' "$CALLS")" -eq 2 ]
  not_called restart
  not_called 'systemctl stop'
}

@test "rules that can't be set fail the step before anything is enabled" {
  stub nft 'exit 1'
  step 12-pod-metadata
  ended 1
  said "the rules in '/etc/drover/pod-metadata.nft' could not be set: pods would reach the metadata"
  not_called systemctl
}

@test "an image without nftables gets them" {
  rm "${STUBS}/nft"
  for name in mktemp mkdir cat chmod mv dirname sed grep awk bash; do ln -s "$(command -v "$name")" "${STUBS}/${name}"; done
  stub apt-get "printf '#!/bin/sh\n' >'${STUBS}/nft'; chmod +x '${STUBS}/nft'"
  PATH="$STUBS" step 12-pod-metadata
  ended 0
  called 'install --yes --no-install-recommends nftables'
}
