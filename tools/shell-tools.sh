#!/usr/bin/env bash
# Installs what the checks of the shell scripts need, where that is possible (Debian or Ubuntu, as root).
# Exit: 0 always; without them tools/test.sh says that the checks of the scripts were skipped.
set -o errexit -o nounset -o pipefail
# shellcheck source=apt.sh
. "$(dirname "$0")/apt.sh"

tools=(shellcheck shfmt bats cloud-init)

main() {
  local missing=() tool
  for tool in "${tools[@]}"; do command -v "$tool" >/dev/null || missing+=("$tool"); done
  ((${#missing[@]})) || return 0
  apt_install "${missing[@]}" || printf 'could not install %s\n' "${missing[*]}" >&2
}

main "$@"
