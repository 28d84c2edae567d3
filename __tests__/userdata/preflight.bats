load helper

setup() {
  setup_machine
  place /etc/os-release $'NAME="Debian GNU/Linux"\nID=debian\nVERSION_ID="12"'
  place /proc/meminfo 'MemTotal:        4026532 kB'
  mkdir -p "${DROVER_ROOT}/run/systemd/system"
  export RUNS=none LISTENS=none TYPE='' TABLE='' MOUNTED='' PARTS='sdb'
  stub id 'if [ "$1" = -u ]; then echo 0; else echo drover; fi'
  stub uname 'echo x86_64'
  stub systemctl '[ "$*" = "is-active --quiet $RUNS" ]'
  stub ip 'printf "1: lo    inet 127.0.0.1/8 scope host lo\n2: eno1    inet 10.40.0.11/24 scope global eno1\n"'
  stub lsblk 'case "$*" in
    *PATH,SERIAL) printf "/dev/sda  BOOT1\n/dev/sdb  S4X9\n" ;;
    *NAME,SERIAL,SIZE) printf "sda BOOT1 480G\nsdb S4X9 960G\n" ;;
    *MOUNTPOINT*) printf "%s\n" "$MOUNTED" ;;
    *NAME*) printf "%s\n" "$PARTS" ;;
  esac'
  stub blkid 'case "$*" in *PTTYPE*) [ -n "$TABLE" ] && echo "$TABLE" || exit 2 ;; *) [ -n "$TYPE" ] && echo "$TYPE" || exit 2 ;; esac'
  stub ss 'case "$*" in *":$LISTENS"*) echo "LISTEN 0 511 0.0.0.0:80 0.0.0.0:* users:((\"apache2\",pid=7,fd=4))" ;; esac'
  vault_is_right
}

vault_is_right() { vault_says "$(date --utc '+%a, %d %b %Y %H:%M:%S GMT')"; }
vault_says() { answer '--head' $'HTTP/2 200 \r\ndate: '"$1"$'\r\ncontent-type: application/json\r\n'; }

look() {
  run bash "${USERDATA}/preflight.sh" --environment lab --address 10.40.0.11 --cidr 10.40.0.0/24 --disks serial:S4X9 \
    --ports 80,6443 --vault https://vault.example.org:8200 "$@"
}

# wrong TEXT: the one thing on the list
wrong() {
  ended 1
  said "host 10.40.0.11 can not be used:
- $1"
  [ "$(grep -c '^- ' <<<"$output")" -eq 1 ]
}

@test "a host that has all that is needed can be used" {
  look
  ended 0
  [ "$output" = 'host 10.40.0.11 can be used' ]
  called '--head https://vault.example.org:8200/v1/sys/health'
}

@test "everything that is wrong stands in one list" {
  place /etc/os-release $'ID=debian\nVERSION_ID="11"'
  place /proc/meminfo 'MemTotal:        1013760 kB'
  rm -r "${DROVER_ROOT}/run"
  stub uname 'echo riscv64'
  stub ip 'printf "2: eno1    inet 10.41.0.11/24 scope global eno1\n"'
  vault_says 'Thu, 01 Jan 2026 00:00:00 GMT'
  LISTENS=80 TYPE=ext4 RUNS=k3s look
  ended 1
  [ "$(grep -c '^- ' <<<"$output")" -eq 9 ]
  said "its system is 'debian 11', allowed are debian 12, ubuntu 22.04, sles and opensuse-leap 15.5, or later"
  said "its processor is 'riscv64', allowed are x86_64 and aarch64"
  said 'systemd does not run it'
  said 'it has 990 MiB of memory, at least 2 GiB are needed'
  said "'k3s' runs on it: it belongs to another cluster"
  said "holds 'ext4', only an empty disk or xfs is taken"
  said "port 80 is taken: 'apache2' listens there"
  said "no interface has its address '10.40.0.11'; it has: 10.41.0.11"
  said "its clock is"
  said "ahead of Vault's, at most 5 s are allowed"
}

@test "systems are told by name and version" {
  for system in 'ubuntu 22.04' 'ubuntu 24.04' 'debian 13' 'sles 15.6' 'opensuse-leap 15.5'; do
    place /etc/os-release "ID=\"${system% *}\"
VERSION_ID=\"${system#* }\""
    vault_is_right # so many looks may take longer than a clock may be off
    look
    ended 0
  done
  for system in 'ubuntu 20.04' 'sles 15.3' 'fedora 41' 'debian unknown'; do
    place /etc/os-release "ID=${system% *}
VERSION_ID=\"${system#* }\""
    vault_is_right # so many looks may take longer than a clock may be off
    look
    wrong "its system is '${system}', allowed are"
  done
}

@test "a missing disk is named with those that are there" {
  look --disks serial:S4X9,serial:GONE
  wrong "disk 'serial:GONE' is missing; there are: sda (serial:BOOT1, 480G), sdb (serial:S4X9, 960G)"
  look --disks path:/dev/disk/by-id/wwn-1
  wrong "disk 'path:/dev/disk/by-id/wwn-1' is missing"
  place /dev/disk/by-id/wwn-1
  look --disks path:/dev/disk/by-id/wwn-1
  ended 0
}

@test "a disk that is not free is not taken, an earlier one of Drover's is" {
  MOUNTED=/srv look
  wrong "disk 'serial:S4X9' (/dev/sdb) is in use: mounted at '/srv'"
  PARTS=$'sdb\nsdb1' look
  wrong "disk 'serial:S4X9' (/dev/sdb) has partitions"
  TABLE=gpt look
  wrong "disk 'serial:S4X9' (/dev/sdb) has partitions"
  TYPE=xfs look
  ended 0
}

@test "a disk that blkid can't tell is not taken for an empty one" {
  stub blkid 'exit 8'
  look
  wrong "disk 'serial:S4X9' (/dev/sdb): blkid can't tell what is on it (code 8), look at it by hand"
}

@test "the foreign units that stop a first visit are those that preflight names" {
  units() { sed -n "s/^ *for unit in \(.*\); do$/\1/p" "${USERDATA}/$1"; }
  [ -n "$(units preflight.sh)" ]
  [ "$(units preflight.sh)" = "$(units enter.sh)" ]
}

@test "what a host of this environment has, it has by right; one of another is refused" {
  place /etc/drover/bootstrap.env "DROVER_ENV='lab'
DROVER_CLUSTER='plant'"
  LISTENS=6443 MOUNTED=/mnt/drover-data TYPE=xfs RUNS=rke2-server look
  ended 0
  place /etc/drover/bootstrap.env "DROVER_ENV='production'"
  look
  wrong "it is in environment 'production': let it leave there first"
}

@test "another firewall is named" {
  RUNS=firewalld look
  wrong 'firewalld runs on it: disable it'
  place /etc/ufw/ufw.conf 'ENABLED=yes'
  look
  wrong "ufw is on: disable it ('ufw disable')"
}

@test "an address outside of the site's network is named" {
  look --cidr 10.40.0.0/29
  wrong "its address '10.40.0.11' is not in the site's network '10.40.0.0/29'"
  look --cidr 10.40.0.8/29
  ended 0
}

@test "a Vault that does not answer is named with the reason, a sealed one has a clock as well" {
  answer '--head' 'curl: (7) Failed to connect' 7
  look --vault-ca drover-preflight-ca.pem
  wrong "Vault does not answer at 'https://vault.example.org:8200': curl: (7) Failed to connect"
  called '--cacert drover-preflight-ca.pem'
  vault_says "$(date --utc --date '-60 seconds' '+%a, %d %b %Y %H:%M:%S GMT')"
  look
  ended 1
  said "ahead of Vault's"
  vault_says "$(date --utc --date '60 seconds' '+%a, %d %b %Y %H:%M:%S GMT')"
  look
  ended 1
  said "behind Vault's"
}

@test "a login without sudo is named, the rest is looked at all the same" {
  stub id 'if [ "$1" = -u ]; then echo 1000; else echo drover; fi'
  stub sudo 'exit 1'
  stub uname 'echo riscv64'
  look
  ended 1
  said "the login 'drover' may not use sudo without a password; its disks were not looked at"
  said "its processor is 'riscv64'"
  stub sudo '[ "$1" = -n ] && shift && exec "$@"'
  stub uname 'echo x86_64'
  look
  ended 0
}

@test "arguments that are unknown, missing or without a value end it" {
  run bash "${USERDATA}/preflight.sh" --address 10.40.0.11
  ended 2
  said '--environment and --address are required'
  run bash "${USERDATA}/preflight.sh" --colour red
  ended 2
  said "'--colour' is unknown"
  run bash "${USERDATA}/preflight.sh" --environment
  ended 2
  said "'--environment' has no value"
}

@test "what was sent for the look is removed after it, and nothing else" {
  cp "${USERDATA}/preflight.sh" "${BATS_TEST_TMPDIR}/drover-preflight.sh"
  cd "$BATS_TEST_TMPDIR"
  echo ca >drover-preflight-ca.pem
  echo ca >ours.pem
  run bash ./drover-preflight.sh --environment lab --address 10.40.0.11 --vault-ca drover-preflight-ca.pem
  ended 0
  [ ! -e drover-preflight.sh ]
  [ ! -e drover-preflight-ca.pem ]
  look --vault-ca ours.pem
  [ -e ours.pem ]
  [ -e "${USERDATA}/preflight.sh" ]
}
