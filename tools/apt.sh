# shellcheck shell=bash
# How the checks install what they need, on Debian and Ubuntu.

# apt_install PACKAGE...: fails where this machine's apt can't be asked. A download that stalls is tried again.
apt_install() {
  if [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then return 1; fi
  local patiently=(-qq -o Acquire::Retries=5 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20)
  printf 'installing %s\n' "$*"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get "${patiently[@]}" update && apt-get "${patiently[@]}" install -y --no-install-recommends "$@"; } >/dev/null
}
