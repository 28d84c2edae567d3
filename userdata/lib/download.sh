#!/usr/bin/env bash
# Downloads that are pinned by a checksum. Sourced after lib.sh.

# architecture: as in the names of releases
architecture() {
  case "$(uname -m)" in
    x86_64) printf 'amd64' ;;
    aarch64) printf 'arm64' ;;
    *) die "there is no release for '$(uname -m)', allowed are x86_64 and aarch64" ;;
  esac
}

# download URL FILE: given up as well when less than 1 kB/s comes for half a minute
download() {
  local began
  mark began
  curl --silent --show-error --fail --location --proto '=https' --connect-timeout 10 \
    --speed-limit 1000 --speed-time 30 --max-time 600 --output "$2" "$1" || return
  note_time downloaded "$began"
}

# verify URL FILE SHA256: stops unless the file is the one that was pinned
verify() {
  sha256sum --check --status <<<"$3  $2" || die "checksum of '$1' is not '$3'"
}
