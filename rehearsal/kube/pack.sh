#!/usr/bin/env bash
# Makes RKE2's stand-in as an air-gapped site would serve it: OUT/VERSION/rke2.linux-amd64.tar.gz and its checksum; and
# OUT/tools/helm, built of the same Kubernetes libraries.
# Prints the archive's path; at once when it is there and made of the same sources. The first build takes minutes.
#   pack.sh VERSION OUT
set -o errexit -o nounset -o pipefail

main() {
  if [ $# -ne 2 ]; then
    printf 'usage: pack.sh VERSION OUT, for example pack.sh v1.35.7+rke2r1 .drover/rke2\n' >&2
    exit 2
  fi
  local out
  out=$(realpath --canonicalize-missing "$2")
  cd "$(dirname "${BASH_SOURCE[0]}")"
  # trimmed paths: what other builds of this module left in the cache is used
  go run -trimpath ./pack --version "$1" --out "$out"
}

main "$@"
