#!/usr/bin/env bash
# Asks whether the NGINX of this host answers; run by keepalived, which gives the virtual address up where it does not. Any
# answer counts: servers that are all silent are no reason to take the address away from their clients, who wait for them.
#   nginx-alive.sh PORT
set -o errexit -o nounset -o pipefail

curl --silent --max-time 2 --noproxy '*' --output /dev/null "http://127.0.0.1:${1:?}/"
