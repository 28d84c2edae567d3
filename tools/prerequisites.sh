#!/usr/bin/env bash
# Checks what Drover cannot install itself, all at once.
# Exit: 0 everything is there, 3 something is missing or too old (each with how to get it).
set -o errexit -o nounset -o pipefail

missing=0

report() {
  printf 'missing: %s\n  %s\n' "$1" "$2" >&2
  missing=1
}

# at_least HAVE WANT: whether version HAVE is not older than WANT
at_least() { [[ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" == "$2" ]]; }

# need NAME WANT HAVE ADVICE: HAVE is empty when the program is not there
need() {
  if [[ -z "$3" ]]; then
    report "$1 $2 or newer (not found)" "$4"
  elif ! at_least "$3" "$2"; then
    report "$1 $2 or newer (found $3)" "$4"
  fi
}

version_of() { { "$@" 2>/dev/null || true; } | grep -oE '[0-9]+\.[0-9]+(\.[0-9]+)?' | head -n 1 || true; }

main() {
  need 'Node.js' 20.9 "$(version_of node --version)" 'install Node.js 20 or 22: https://nodejs.org/en/download (Debian: the NodeSource packages)'
  need 'npm' 10.0 "$(version_of npm --version)" 'npm comes with Node.js'
  need 'Terraform' 1.11 "$(version_of terraform version)" 'install Terraform: https://developer.hashicorp.com/terraform/install'
  need 'Go' 1.25 "$(version_of go version)" 'install Go: https://go.dev/dl (a distribution may have an older one)'
  if ((missing)); then exit 3; fi
}

main "$@"
