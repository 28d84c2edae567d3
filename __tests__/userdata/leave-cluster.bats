load helper
load leaving

setup() { setup_leaving; }

@test "a worker is emptied, stopped and cleaned, and forgets its cluster" {
  member worker
  printf '{"items": [{"metadata": {"namespace": "shop", "name": "web-1"}, "status": {"phase": "Running"}}]}' >"$PODS"
  leave
  ended 0
  order 'patch node kv-01 --patch {"spec":{"unschedulable":true}}' 'create --raw' 'systemctl stop rancher-system-agent' \
    'systemctl stop rke2-agent' rke2-killall.sh rancher-system-agent-uninstall.sh rke2-uninstall.sh 'systemctl stop drover-firewall' \
    'nft delete table inet drover-firewall'
  not_called 'delete node'
  for left in /etc/drover /var/lib/drover /etc/rancher /var/lib/rancher /etc/nftables.d/drover.nft /etc/systemd/system/drover-firewall.service; do
    [ ! -e "${DROVER_ROOT}${left}" ]
  done
  said "this host has left cluster 'plant'"
}

@test "a server is out of etcd before its RKE2 stops" {
  member server
  leave
  ended 0
  order 'delete node kv-01 --wait=false' 'get node kv-01' 'systemctl stop rke2-server'
}

@test "the last server, and one whose cluster is gone, leave all the same" {
  member server
  answer selfsubjectreviews '' 22
  executable /var/lib/rancher/rke2/bin/kubectl 'exit 1'
  leave
  ended 0
  said "could not learn this node's name: nothing is evicted"
  said 'could not delete this node: if its cluster lives on, delete it there'
  [ ! -e "${DROVER_ROOT}/etc/drover" ]
}

@test "pods that stay, and a node that stays in etcd, are waited for until the deadline" {
  member server
  executable /var/lib/rancher/rke2/bin/kubectl 'case "$*" in
    *"get pods"*) echo "{\"items\": [{\"metadata\": {\"namespace\": \"a\", \"name\": \"b\"}}]}" ;;
    *"create --raw"*) exit 1 ;;
  esac'
  leave
  ended 0
  said "gave up after 9 s (deadline 9 s) waiting for the pods of node 'kv-01' to go"
  said "look at the members of etcd, 'kv-01' may be among them"
}

@test "what the data disk holds is kept where no later cluster finds it" {
  data_disk
  leave
  ended 0
  kept=$(echo "${DROVER_ROOT}"/mnt/drover-data/left/plant-*)
  [ "$(<"${kept}/var/lib/rancher/rke2/server/db/etcd")" = data ]
  [ "$(<"${kept}/etc/rancher/node/password")" = hush ]
  [ ! -e "${DROVER_ROOT}/mnt/drover-data/var/lib/rancher" ]
  [ "$(content /etc/fstab)" = 'UUID=1 / ext4 defaults 0 1' ]
  [ ! -s "$MOUNTS" ]
  order "umount ${DROVER_ROOT}/var/lib/rancher" "umount ${DROVER_ROOT}/mnt/drover-data" rke2-uninstall.sh
  not_called wipefs
}

@test "--wipe takes the file system off the data disk, once it is free" {
  data_disk
  leave --wipe
  ended 0
  order "umount ${DROVER_ROOT}/mnt/drover-data" 'wipefs --all --quiet /dev/sdb'
  [ ! -e "${DROVER_ROOT}/mnt/drover-data/left" ]
  data_disk
  stub lsblk
  leave --wipe
  ended 0
  said "disk 'serial:S4X9' is not there: it is not wiped"
}

@test "a data disk that is in use keeps everything as it is, and leaving can be repeated" {
  data_disk
  stub umount 'exit 32'
  leave
  ended 1
  said "'/var/lib/rancher' is in use: nothing of it is removed"
  not_called rke2-uninstall
  [ -e "${DROVER_ROOT}/etc/drover/bootstrap.env" ]
  [ "$(content /mnt/drover-data/var/lib/rancher/rke2/server/db/etcd)" = data ]
  stub umount 'sed -i "\#^${1#"$DROVER_ROOT"}\$#d" "$MOUNTS"'
  leave
  ended 0
}

@test "folders that somebody else mounted are not removed" {
  member worker
  echo /var/lib/rancher >"$MOUNTS"
  leave
  ended 1
  said "'/var/lib/rancher' is still mounted: nothing of it is removed"
  not_called rke2-uninstall
}

@test "a host with NGINX gives its address up first, and empties no node" {
  member nginx
  place /etc/keepalived/keepalived.conf
  leave
  ended 0
  order 'systemctl stop keepalived' 'systemctl stop nginx' 'nft delete'
  not_called kubectl
  not_called rke2
  [ ! -e "${DROVER_ROOT}/etc/keepalived/keepalived.conf" ]
}

# machine: of a site, in no cluster, with a disk
machine() {
  place /etc/drover/bootstrap.env "DROVER_SITE='hall'
DROVER_ROLE='machine'
STEPS='10-host 14-firewall 20-data-disk 35-zabbix-agent'
DATA_VOLUME_ID='serial:S4X9'
DATA_MOUNT='/srv/files'"
  echo /srv/files >"$MOUNTS"
  place /srv/files/report text
  place /etc/fstab 'UUID=1 / ext4 defaults 0 1
UUID=2 /srv/files xfs defaults 0 2'
}

@test "a machine that is no node leaves its data as they are, and empties no node" {
  machine
  leave
  ended 0
  said "this host is no machine of site 'hall' any more"
  order 'systemctl stop zabbix-agent2' 'nft delete'
  called "umount ${DROVER_ROOT}/srv/files"
  for command in kubectl rke2 rancher wipefs; do not_called "$command"; done
  [ "$(content /etc/fstab)" = 'UUID=1 / ext4 defaults 0 1' ]
  [ ! -e "${DROVER_ROOT}/etc/drover" ]
  machine
  leave --wipe
  ended 0
  order "umount ${DROVER_ROOT}/srv/files" 'wipefs --all --quiet /dev/sdb'
}

@test "a machine whose disk is in use stays what it is" {
  machine
  stub umount 'exit 32'
  leave
  ended 1
  said "'/srv/files' is in use: nothing of it is removed"
  [ -e "${DROVER_ROOT}/etc/drover/bootstrap.env" ]
}

@test "Zabbix and a GlusterFS volume go where the host had them" {
  member worker "STEPS='10-host 35-zabbix-agent'
GLUSTER_VOLUME='shared'"
  echo /mnt/gluster >"$MOUNTS"
  place /etc/fstab 'kv-05:/shared /mnt/gluster glusterfs defaults 0 0'
  place /etc/zabbix/drover.psk hush
  leave
  ended 0
  called 'systemctl stop zabbix-agent2'
  [ ! -e "${DROVER_ROOT}/etc/zabbix/drover.psk" ]
  [ -z "$(content /etc/fstab)" ]
}

@test "drop-ins of others stay" {
  member worker
  place /etc/systemd/system/rke2-server.service.d/10-data-disk.conf
  place /etc/systemd/system/rke2-server.service.d/90-mine.conf
  leave
  ended 0
  [ "$(ls "${DROVER_ROOT}/etc/systemd/system/rke2-server.service.d")" = 90-mine.conf ]
}

@test "a host in no cluster has nothing to leave, and an unknown argument changes nothing" {
  rm -r "${DROVER_ROOT}/etc/drover"
  leave
  ended 0
  said 'this host is in no cluster'
  not_called systemctl
  member worker
  leave --all
  ended 2
  said "'--all' is unknown, allowed is --wipe"
}

@test "a run of the bootstrap is ended first; one that does not end keeps the host as it is" {
  member worker
  stub flock 'exit 1'
  leave
  ended 30
  called 'systemctl stop drover-bootstrap'
  said 'a run of the bootstrap is under way and does not end'
  not_called kubectl
}
