load helper

setup() {
  setup_machine
  # shellcheck source=../../userdata/lib.sh
  . "$BOOTSTRAP_LIB"
  # shellcheck source=../../userdata/lib/download.sh
  . "${LIB_DIR}/download.sh"
  # shellcheck source=../../userdata/lib/packages.sh
  . "${LIB_DIR}/packages.sh"
  set +o nounset +o pipefail
  stub timeout 'shift; "$@"'
  for command in apt-get zypper dpkg-query rpm; do stub "$command"; done
  stub dpkg-query 'exit 1'
  KEY=$'-----BEGIN PGP PUBLIC KEY BLOCK-----\nabc'
  SUM=$(printf '%s' "$KEY" | sha256sum | cut -d' ' -f1)
  answer https://packages.example.org/key "$KEY"
}

suse() { package_manager() { printf zypper; }; }
debian() { package_manager() { printf apt; }; }

@test "a pinned version is installed exactly, also where another one is there" {
  debian
  stub dpkg-query 'printf "installed 1.0"'
  run ensure_package docker-ce 2.0
  ended 0
  called '--allow-downgrades install --yes --no-install-recommends docker-ce=2.0'
}

@test "a package of that version, or of any where none is pinned, is left alone" {
  debian
  stub dpkg-query 'printf "installed 2.0"'
  run ensure_package docker-ce 2.0
  ended 0
  run ensure_package docker-ce
  ended 0
  said "package 'docker-ce' 2.0 is installed already"
  not_called apt-get
}

@test "a package that was removed but left its settings counts as missing" {
  debian
  stub dpkg-query 'printf "config-files 2.0"'
  run ensure_package docker-ce
  ended 0
  called 'install --yes'
}

@test "zypper waits for its lock and installs the pinned version" {
  suse
  stub rpm 'exit 1'
  stub zypper 'echo "lock ${ZYPP_LOCK_TIMEOUT}"'
  run ensure_package docker 2.0-1
  ended 0
  said 'lock 240'
  called 'zypper --non-interactive install --no-recommends --oldpackage docker=2.0-1'
}

@test "a package manager whose lock never frees is given up at the deadline" {
  debian
  stub apt-get 'exit 100'
  PACKAGE_DEADLINE_SEC=20 run ensure_package docker-ce
  ended 3
  said 'gave up after 20 s (deadline 20 s) waiting for packages docker-ce'
}

@test "an apt repository trusts its one pinned key" {
  debian
  run add_repository docker 'https://packages.example.org/ubuntu noble stable' https://packages.example.org/key "$SUM"
  ended 0
  [ "$(content /etc/apt/sources.list.d/drover-docker.list)" = \
    'deb [signed-by=/etc/apt/keyrings/drover-docker.asc] https://packages.example.org/ubuntu noble stable' ]
  [ "$(content /etc/apt/keyrings/drover-docker.asc)" = "$KEY" ]
}

@test "a key in binary form gets the name by which apt reads it" {
  debian
  answer https://packages.example.org/key binary
  SUM=$(printf binary | sha256sum | cut -d' ' -f1)
  run add_repository docker 'https://packages.example.org/ubuntu noble stable' https://packages.example.org/key "$SUM"
  ended 0
  [ -f "${DROVER_ROOT}/etc/apt/keyrings/drover-docker.gpg" ]
}

@test "a zypper repository checks signatures with its one pinned key" {
  suse
  run add_repository zabbix https://packages.example.org/sles/15 https://packages.example.org/key "$SUM"
  ended 0
  called "rpm --import ${DROVER_ROOT}/etc/zypp/keyrings/drover-zabbix.asc"
  grep -qx 'gpgcheck=1' "${DROVER_ROOT}/etc/zypp/repos.d/drover-zabbix.repo"
  grep -qx 'baseurl=https://packages.example.org/sles/15' "${DROVER_ROOT}/etc/zypp/repos.d/drover-zabbix.repo"
}

@test "another key than the pinned one makes no repository" {
  debian
  run add_repository docker 'https://x y z' https://packages.example.org/key "$(printf '0%.0s' {1..64})"
  ended 1
  said "checksum of 'https://packages.example.org/key' is not '0000"
  [ ! -e "${DROVER_ROOT}/etc/apt/sources.list.d/drover-docker.list" ]
  run add_repository docker 'https://x y z' https://packages.example.org/key ''
  ended 2
  said "the checksum of the key of repository 'docker' is '', must be 64 hexadecimal digits"
}

@test "a mirror stands for the host of each source and keeps its path, once" {
  debian
  place /etc/apt/sources.list $'# deb http://old.example.org/ubuntu noble main\ndeb [arch=amd64] http://archive.ubuntu.com/ubuntu noble main'
  place /etc/apt/sources.list.d/ubuntu.sources $'Types: deb\nURIs: http://eu-west-1.ec2.archive.ubuntu.com/ubuntu/ http://security.ubuntu.com/ubuntu\nSuites: noble'
  use_package_mirror https://mirror.example.org/apt
  use_package_mirror https://mirror.example.org/apt
  [ "$(content /etc/apt/sources.list)" = \
    $'# deb http://old.example.org/ubuntu noble main\ndeb [arch=amd64] https://mirror.example.org/apt/ubuntu noble main' ]
  [ "$(content /etc/apt/sources.list.d/ubuntu.sources)" = \
    $'Types: deb\nURIs: https://mirror.example.org/apt/ubuntu/ https://mirror.example.org/apt/ubuntu\nSuites: noble' ]
}

@test "a mirror of SUSE leaves repositories of ours alone" {
  suse
  place /etc/zypp/repos.d/base.repo $'[base]\nbaseurl=https://download.opensuse.org/distribution'
  place /etc/zypp/repos.d/drover-docker.repo 'baseurl=https://packages.example.org/docker'
  use_package_mirror https://mirror.example.org
  [ "$(content /etc/zypp/repos.d/base.repo)" = $'[base]\nbaseurl=https://mirror.example.org/distribution' ]
  [ "$(content /etc/zypp/repos.d/drover-docker.repo)" = 'baseurl=https://packages.example.org/docker' ]
}
