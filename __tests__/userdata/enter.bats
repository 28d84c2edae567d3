load helper

setup() {
  setup_machine
  HOME_DIR="${BATS_TEST_TMPDIR}/home"
  mkdir -p "$HOME_DIR" "${BATS_TEST_TMPDIR}/bundle/units"
  cp -R "${USERDATA}/lib.sh" "${USERDATA}/lib" "${BATS_TEST_TMPDIR}/bundle"
  cp "${USERDATA}/units/drover-bootstrap.service" "${BATS_TEST_TMPDIR}/bundle/units"
  echo 'echo the runner runs' >"${BATS_TEST_TMPDIR}/bundle/run.sh"
  upload
  export STATE="${BATS_TEST_TMPDIR}/state" CODE="${BATS_TEST_TMPDIR}/code" FOREIGN=none
  echo active >"$STATE"
  echo 0 >"$CODE"
  # a run of three looks; its lines come between them
  stub systemctl 'case "$*" in
    "is-active --quiet $FOREIGN") exit 0 ;;
    is-active*) exit 3 ;;
    start*) mkdir -p "$DROVER_ROOT/var/log"; echo "step 10-host starts" >>"$DROVER_ROOT/var/log/drover-bootstrap.log" ;;
    *ActiveState*)
      cat "$STATE"
      looks=$(grep -c ActiveState "$CALLS")
      if [ "$looks" -lt 3 ] || [ -e "$STATE.for-ever" ]; then exit 0; fi
      if [ "$(cat "$CODE")" = 0 ]; then echo inactive >"$STATE"; else echo failed >"$STATE"; fi
      [ -e "$STATE.said" ] || { echo "step 10-host ok" >>"$DROVER_ROOT/var/log/drover-bootstrap.log"; : >"$STATE.said"; } ;;
    *ExecMainStatus*) cat "$CODE" ;;
  esac'
  stub journalctl 'echo "from the journal"'
  unwraps secret-id
}

# unwraps SECRET_ID: what Vault answers to the token
unwraps() { answer sys/wrapping/unwrap "{\"request_id\": \"r\", \"data\": {\"secret_id\": \"$1\", \"secret_id_ttl\": 0}}"; }

# upload [SETTINGS]: what Terraform puts into the login's home
upload() {
  tar -cf "${HOME_DIR}/drover-0123.tar" -C "${BATS_TEST_TMPDIR}/bundle" .
  SUM=$(sha256sum "${HOME_DIR}/drover-0123.tar" | cut -d ' ' -f 1)
  printf "DROVER_ENV='lab'\nDROVER_CLUSTER='plant'\nDROVER_ROLE='server'\nDROVER_NODE='kv-01'\nSTEPS='10-host'\nVAULT_ADDR='https://vault.example.org'\n%s\n" "${1:-}" \
    >"${HOME_DIR}/drover-plant.env"
  echo hvs.wrapping >"${HOME_DIR}/drover-secret-id"
  echo 'a certificate' >"${HOME_DIR}/drover-vault-ca.pem"
  cp "${USERDATA}/enter.sh" "${HOME_DIR}/drover-enter.sh"
}

enter() {
  cd "$HOME_DIR"
  run bash ./drover-enter.sh drover-0123.tar "${1:-$SUM}" drover-plant.env drover-secret-id drover-vault-ca.pem
}

gone() { [ -z "$(ls -A "$HOME_DIR")" ]; }

@test "what was uploaded comes to places that root alone reads, and the home is left empty" {
  enter
  ended 0
  gone
  [ "$(mode /etc/drover/bootstrap.env) $(mode /etc/drover/vault-secret-id)" = '600 600' ]
  [ "$(content /etc/drover/vault-secret-id)" = secret-id ]
  [ "$(content /etc/drover/vault-ca.pem)" = 'a certificate' ]
  grep -q "DROVER_CLUSTER='plant'" "${DROVER_ROOT}/etc/drover/bootstrap.env"
  [ "$(ls -A "${DROVER_ROOT}/opt/drover")" = bundle ]
}

@test "the bootstrap runs as a service that a later boot goes on with, and its lines are shown until it ends" {
  place /var/log/drover-bootstrap.log 'a line of an earlier run'
  enter
  ended 0
  cmp "${USERDATA}/units/drover-bootstrap.service" "${DROVER_ROOT}/etc/systemd/system/drover-bootstrap.service"
  [ "$(grep -oE 'systemctl (enable --quiet|start) drover-bootstrap' "$CALLS" | tr '\n' ' ')" = \
    'systemctl enable --quiet drover-bootstrap systemctl start drover-bootstrap ' ]
  said 'step 10-host starts'
  said 'step 10-host ok'
  [[ $output != *'earlier run'* ]]
  [ "$(grep -c 'step 10-host starts' <<<"$output")" -eq 1 ]
}

@test "it ends with the exit code of the run" {
  echo 20 >"$CODE"
  enter
  ended 20
  said 'from the journal'
  gone
}

@test "the secret of the host comes out of its wrapping, which stands in no argument" {
  upload "VAULT_CA_FILE='/etc/drover/vault-ca.pem'
VAULT_NAMESPACE='team'"
  enter
  ended 0
  requested 'header = "X-Vault-Token: hvs.wrapping"'
  requested 'header = "X-Vault-Namespace: team"'
  called "--cacert ${DROVER_ROOT}/etc/drover/vault-ca.pem --config - https://vault.example.org/v1/sys/wrapping/unwrap"
  not_called hvs.wrapping
  not_called secret-id
  [[ $output != *hvs.wrapping* ]]
}

@test "a token that this host has unwrapped before is no alarm, a new one is unwrapped" {
  echo 20 >"$CODE"
  enter
  ended 20
  echo 0 >"$CODE"
  echo active >"$STATE"
  upload
  answer sys/wrapping/unwrap '{"errors":["wrapping token is not valid or does not exist"]}' 22
  enter
  ended 0
  said 'this host has unwrapped the token before: its secret stays'
  [ "$(content /etc/drover/vault-secret-id)" = secret-id ]
  echo active >"$STATE"
  upload
  echo hvs.next >"${HOME_DIR}/drover-secret-id"
  unwraps another-id
  enter
  ended 0
  [ "$(content /etc/drover/vault-secret-id)" = another-id ]
}

@test "a token that somebody else has unwrapped ends it before anything runs" {
  for refusal in 'wrapping token is not valid or does not exist' 'permission denied' 'bad token'; do
    upload
    answer sys/wrapping/unwrap "{\"errors\":[\"${refusal}\"]}" 22
    enter
    ended 6
    said "Vault does not unwrap the token, it is used or over: {\"errors\":[\"${refusal}\"]}"
    not_called 'systemctl start'
    gone
  done
}

@test "a Vault that is sealed or silent is asked again until the deadline" {
  answer sys/wrapping/unwrap '{"errors":["Vault is sealed"]}' 22 2
  enter
  ended 0
  [ "$(grep -c unwrap "$CALLS")" -eq 3 ]
  upload
  echo hvs.next >"${HOME_DIR}/drover-secret-id"
  answer sys/wrapping/unwrap '' 7
  enter
  ended 3
  said "waiting for Vault at 'https://vault.example.org' to unwrap the token"
}

@test "a run that is killed is a failure" {
  echo failed >"$STATE"
  enter
  ended 1
}

@test "a run that does not end is left alone at the deadline" {
  upload "ENTER_DEADLINE_SEC='6'"
  touch "${STATE}.for-ever"
  enter
  ended 3
  said 'waiting for the bootstrap to end; it goes on, look at /var/log/drover-bootstrap.log'
  not_called 'systemctl stop'
  gone
}

@test "an archive with another checksum changes nothing on the host" {
  enter "$(printf '0%.0s' {1..64})"
  ended 4
  said "checksum of 'drover-0123.tar' is not '0000"
  [ ! -e "${DROVER_ROOT}/etc/drover" ]
  not_called systemctl
  gone
}

@test "a host that enters again gets the new bundle and the new settings" {
  enter
  echo 'echo newer' >"${BATS_TEST_TMPDIR}/bundle/run.sh"
  upload "RKE2_VERSION='v2'"
  echo active >"$STATE"
  enter
  ended 0
  [ "$(content /opt/drover/bundle/run.sh)" = 'echo newer' ]
  grep -q RKE2_VERSION "${DROVER_ROOT}/etc/drover/bootstrap.env"
}

@test "a host of another cluster, environment or role, or of another name, is refused" {
  for other in DROVER_CLUSTER=shop DROVER_ENV=production DROVER_ROLE=worker DROVER_NODE=kv-09; do
    upload
    mkdir -p "${DROVER_ROOT}/etc/drover"
    sed "s/^${other%%=*}=.*/${other%%=*}='${other#*=}'/" "${HOME_DIR}/drover-plant.env" >"${DROVER_ROOT}/etc/drover/bootstrap.env"
    before=$(content /etc/drover/bootstrap.env)
    enter
    ended 5
    said "the settings make it server 'kv-01' of cluster 'plant' in environment 'lab': let it leave first"
    [ "$(content /etc/drover/bootstrap.env)" = "$before" ]
    [ ! -e "${DROVER_ROOT}/opt/drover" ]
    gone
  done
  said "this host is server 'kv-09' of cluster 'plant' in environment 'lab'"
}

@test "a machine of a site is in no cluster, and is refused as a part of one" {
  sed -i "/DROVER_CLUSTER/d; s/^DROVER_ROLE=.*/DROVER_ROLE='machine'\nDROVER_SITE='hall'/" "${HOME_DIR}/drover-plant.env"
  enter
  ended 0
  upload
  enter
  ended 5
  said "this host is machine 'kv-01' of site 'hall' in environment 'lab', the settings make it server 'kv-01' of cluster 'plant'"
}

@test "a host that runs somebody else's cluster is refused" {
  FOREIGN=k3s enter
  ended 5
  said "'k3s' runs on this host and is not Drover's"
  gone
}

@test "a second provisioner waits, and gives up at its deadline" {
  upload "ENTER_DEADLINE_SEC='1'"
  mkdir -p "${DROVER_ROOT}/run/drover"
  exec 7>"${DROVER_ROOT}/run/drover/enter.lock"
  flock 7
  enter
  ended 3
  said 'another provisioner has not ended within 1 s'
  exec 7>&-
  upload "ENTER_DEADLINE_SEC='1'"
  exec 7>"${DROVER_ROOT}/run/drover/run.lock"
  flock 7
  enter
  ended 3
  said 'a run of the bootstrap has not ended within 1 s'
  exec 7>&-
}

@test "uploads and settings that are missing are named, and '-' stands for none" {
  rm "${HOME_DIR}/drover-secret-id"
  enter
  ended 2
  said "'drover-secret-id' was not uploaded"
  upload
  sed -i '/STEPS/d' "${HOME_DIR}/drover-plant.env"
  enter
  ended 2
  said "'STEPS' is missing in 'drover-plant.env'"
  upload
  sed -i '/DROVER_CLUSTER/d' "${HOME_DIR}/drover-plant.env"
  enter
  ended 2
  said "'DROVER_CLUSTER' is missing in 'drover-plant.env'"
  run bash "${USERDATA}/enter.sh" a b
  ended 2
  said 'arguments are: ARCHIVE SHA256 SETTINGS TOKEN|- [CA|-]'
  upload
  cd "$HOME_DIR"
  run bash ./drover-enter.sh drover-0123.tar "$SUM" drover-plant.env - -
  ended 0
  [ ! -e "${DROVER_ROOT}/etc/drover/vault-secret-id" ]
}

@test "the script itself is removed under the name of its upload alone" {
  cd "$HOME_DIR"
  cp drover-enter.sh kept.sh
  run bash ./kept.sh drover-0123.tar "$SUM" drover-plant.env -
  ended 0
  [ -e kept.sh ]
  [ -e "${USERDATA}/enter.sh" ]
}
