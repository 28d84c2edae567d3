#!/usr/bin/env bash
# What differs from cloud to cloud, under one name each. Sourced after lib.sh.
#   DROVER_CLOUD  aws, azure or metal  (default aws)
# Each of lib/cloud-aws.sh, lib/cloud-azure.sh and lib/cloud-metal.sh brings
#   machine_address               this machine's private address
#   machine_provider_id           the id under which the cloud's controller manager would know it
#   check_claim NAME              stops unless a marker of that name can be created by one machine alone
#   claim_create NAME VALUE       creates the marker; returns 4 when there is one already, else fails
#   claim_read NAME               what the marker holds
#   document_put STORE PATH FILE  stores a JSON document for the world to read

: "${DROVER_CLOUD:=aws}"
one_of DROVER_CLOUD aws azure metal
case "$DROVER_CLOUD" in
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
