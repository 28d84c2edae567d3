#!/usr/bin/env bash
# Installs what the checks of the shell scripts need, where that is possible (Debian or Ubuntu, as root).
# Exit: 0 always; without them tools/test.sh says that the checks of the scripts were skipped.
set -o errexit -o nounset -o pipefail

tools=(shellcheck shfmt bats cloud-init)

main() {
  local missing=() tool
  for tool in "${tools[@]}"; do command -v "$tool" >/dev/null || missing+=("$tool"); done
  ((${#missing[@]})) || return 0
  if [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then return 0; fi
  printf 'installing %s\n' "${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  if ! { apt-get update -qq && apt-get install -qq -y --no-install-recommends "${missing[@]}"; } >/dev/null; then
    printf 'could not install %s\n' "${missing[*]}" >&2
  fi
}

main "$@"
