#!/usr/bin/env bash
# Packages of the operating system: the one place that knows how apt (Debian, Ubuntu) and zypper (SUSE) differ.
# Sourced after lib.sh and lib/download.sh. Tested with stub commands for both.
#   PACKAGE_DEADLINE_SEC  time for one installation, locks of other package managers included  (default 600)
# Another run may hold the lock at first boot: each call waits for it up to 240 s and takes at most 300 s.

# package_manager: apt or zypper
package_manager() {
  if command -v apt-get >/dev/null; then
    printf 'apt'
  elif command -v zypper >/dev/null; then
    printf 'zypper'
  else
    die 'no package manager that Drover knows: apt-get and zypper are both missing'
  fi
}

# install_packages PACKAGE...: NAME, or NAME=VERSION to install exactly that version, older or newer
install_packages() {
  local manager
  manager=$(package_manager)
  log "installing $*"
  retry --deadline "${PACKAGE_DEADLINE_SEC:-600}" --every 10 --what "packages $*" "install_with_${manager}" "$@"
}

install_with_apt() {
  timeout 300 apt-get -o DPkg::Lock::Timeout=240 update || return
  # files that a step wrote before the package came stay as they are
  DEBIAN_FRONTEND=noninteractive timeout 300 apt-get -o DPkg::Lock::Timeout=240 -o Dpkg::Options::=--force-confold \
    --allow-downgrades install --yes --no-install-recommends "$@"
}

install_with_zypper() {
  ZYPP_LOCK_TIMEOUT=240 timeout 300 zypper --non-interactive install --no-recommends --oldpackage "$@"
}

# installed_version PACKAGE: what is installed; fails when nothing is
installed_version() {
  local manager answer
  manager=$(package_manager) || return
  case "$manager" in
    apt)
      answer=$(dpkg-query --show --showformat '${db:Status-Status} ${Version}' "$1" 2>/dev/null) || return
      [[ $answer == 'installed '* ]] || return
      printf '%s\n' "${answer#installed }"
      ;;
    zypper) rpm --query --queryformat '%{VERSION}-%{RELEASE}\n' "$1" 2>/dev/null || return ;;
  esac
}

# ensure_package NAME [VERSION]: installs it unless that version (default: any) is there
ensure_package() {
  local present
  if present=$(installed_version "$1") && { [ -z "${2:-}" ] || [ "$present" = "$2" ]; }; then
    log "package '$1' ${present} is installed already"
    return 0
  fi
  install_packages "$1${2:+=$2}"
}

# add_repository NAME LINE KEY_URL KEY_SHA256: a further source of packages, trusted through one pinned key.
# LINE is for apt what follows 'deb' without options ('https://host/path suite component'), for zypper a base URL
add_repository() {
  local name="drover-$1" manager
  manager=$(package_manager)
  [[ ${4:-} =~ ^[0-9a-f]{64}$ ]] || die "the checksum of the key of repository '$1' is '${4:-}', must be 64 hexadecimal digits" 2
  fetch_key "$name" "$3" "$4" "$manager"
  case "$manager" in
    apt) printf 'deb [signed-by=%s] %s\n' "$KEY_FILE" "$2" | write_file "/etc/apt/sources.list.d/${name}.list" 0644 ;;
    zypper)
      timeout 60 rpm --import "${ROOT}${KEY_FILE}"
      printf '[%s]\nname=%s\nbaseurl=%s\nenabled=1\nautorefresh=1\ngpgcheck=1\ngpgkey=file://%s\n' \
        "$name" "$name" "$2" "$KEY_FILE" | write_file "/etc/zypp/repos.d/${name}.repo" 0644
      ;;
  esac
  log "repository '$1' is '$2'"
}

KEY_FILE=''

# fetch_key NAME URL SHA256 MANAGER: leaves the path of the key in KEY_FILE
fetch_key() {
  local temporary folder=/etc/apt/keyrings extension=gpg
  [ "$4" = apt ] || folder=/etc/zypp/keyrings
  temporary=$(mktemp)
  retry --deadline "${PACKAGE_DEADLINE_SEC:-600}" --every 10 --what "signing key '$2'" download "$2" "$temporary"
  verify "$2" "$temporary" "$3"
  # apt tells the two forms of a key apart by the name
  ! grep --quiet --text -- '-----BEGIN PGP' "$temporary" || extension=asc
  KEY_FILE="${folder}/$1.${extension}"
  write_file "$KEY_FILE" 0644 <"$temporary"
  rm -f "$temporary"
}

# use_package_mirror URL: every source of the distribution comes from there, under its own path; signatures stay its own
use_package_mirror() {
  local manager file
  manager=$(package_manager)
  case "$manager" in
    apt)
      for file in /etc/apt/sources.list /etc/apt/sources.list.d/{ubuntu,debian}.sources; do
        mirror_lines "$file" "$1" '(deb|deb-src|URIs:)'
      done
      ;;
    zypper)
      for file in "${ROOT}"/etc/zypp/repos.d/*.repo; do
        [[ $file == */drover-* ]] || mirror_lines "${file#"$ROOT"}" "$1" 'baseurl'
      done
      ;;
  esac
}

# mirror_lines FILE URL WORD: changes scheme and host of the addresses on lines that begin with WORD
mirror_lines() {
  local content
  [ -f "${ROOT}$1" ] || return 0
  content=$(awk -v mirror="$2" -v word="^$3" '
    # a run that is repeated must not put the mirror before itself
    $0 ~ word && index($0, mirror "/") == 0 { gsub(/https?:\/\/[^\/ ]+/, mirror) }
    { print }' "${ROOT}$1")
  printf '%s\n' "$content" | write_file "$1" 0644
}
