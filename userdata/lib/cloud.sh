#!/usr/bin/env bash
# What differs from cloud to cloud, under one name each. Sourced after lib.sh.
#   DROVER_CLOUD     aws, azure or metal                                                 (default aws)
#   DROVER_PLATFORM  the same of this machine, where its cluster's home is on another one  (default DROVER_CLOUD)
# Each of lib/cloud-aws.sh, lib/cloud-azure.sh and lib/cloud-metal.sh brings
#   machine_address               this machine's private address
#   machine_provider_id           the id under which the cloud's controller manager would know it
#   machine_topology              the labels that this manager would give it, space-separated; none where it is told them
#   check_claim NAME              stops unless a marker of that name can be created by one machine alone
#   claim_create NAME VALUE       creates the marker; returns 4 when there is one already, else fails
#   claim_read NAME               what the marker holds
#   document_put STORE PATH FILE  stores a JSON document for the world to read

: "${DROVER_CLOUD:=aws}"
: "${DROVER_PLATFORM:=$DROVER_CLOUD}"
one_of DROVER_CLOUD aws azure metal
one_of DROVER_PLATFORM aws azure metal
case "$DROVER_PLATFORM" in
  aws)
    # shellcheck source=cloud-aws.sh
    . "${LIB_DIR}/cloud-aws.sh"
    ;;
  azure)
    # shellcheck source=cloud-azure.sh
    . "${LIB_DIR}/cloud-azure.sh"
    ;;
  metal)
    # shellcheck source=cloud-metal.sh
    . "${LIB_DIR}/cloud-metal.sh"
    ;;
esac

# topology_labels REGION ZONE TYPE: as Kubernetes knows them; a machine may stand in no zone
topology_labels() {
  printf 'topology.kubernetes.io/region=%s ' "$1"
  [ -z "$2" ] || printf 'topology.kubernetes.io/zone=%s ' "$2"
  printf 'node.kubernetes.io/instance-type=%s\n' "$3"
}
