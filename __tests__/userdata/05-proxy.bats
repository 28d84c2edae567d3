load helper

setup() {
  setup_machine
  stub apt-get
  export PROXY=http://proxy.example.org:3128
}

@test "services, Docker and apt are led through the proxy, the cluster's own addresses are not" {
  HTTP_PROXY=$PROXY HTTPS_PROXY=$PROXY NO_PROXY=.example.org step 05-proxy
  ended 0
  for unit in rke2-server rke2-agent rancher-system-agent; do
    [ "$(content "/etc/default/${unit}")" = "HTTP_PROXY=${PROXY}
HTTPS_PROXY=${PROXY}
NO_PROXY=127.0.0.0/8,localhost,169.254.169.254,10.42.0.0/16,10.43.0.0/16,.svc,.cluster.local,.example.org" ]
  done
  [ "$(content /etc/apt/apt.conf.d/90-drover-proxy)" = "Acquire::http::Proxy \"${PROXY}\";
Acquire::https::Proxy \"${PROXY}\";" ]
  [ "$(head -n 2 "${DROVER_ROOT}/etc/systemd/system/docker.service.d/20-proxy.conf")" = "[Service]
Environment=\"HTTP_PROXY=${PROXY}\"" ]
}

@test "a second run changes nothing" {
  export HTTPS_PROXY=$PROXY PACKAGE_MIRROR=https://mirror.example.org/apt
  place /etc/apt/sources.list 'deb http://deb.debian.org/debian bookworm main'
  step 05-proxy
  find "$DROVER_ROOT" -type f -exec sha256sum {} + >"${BATS_TEST_TMPDIR}/before"
  step 05-proxy
  ended 0
  sha256sum --check --status "${BATS_TEST_TMPDIR}/before"
}

@test "a mirror stands in the site: it is reached without the proxy" {
  HTTPS_PROXY=$PROXY PACKAGE_MIRROR=https://mirror.example.org:8443/apt step 05-proxy
  ended 0
  grep -qx 'Acquire::https::Proxy::mirror.example.org "DIRECT";' "${DROVER_ROOT}/etc/apt/apt.conf.d/90-drover-proxy"
}

@test "a mirror alone leads no service through a proxy" {
  place /etc/apt/sources.list 'deb http://deb.debian.org/debian bookworm main'
  PACKAGE_MIRROR=https://mirror.example.org step 05-proxy
  ended 0
  [ "$(content /etc/apt/sources.list)" = 'deb https://mirror.example.org/debian bookworm main' ]
  [ ! -e "${DROVER_ROOT}/etc/default/rke2-server" ]
}

@test "zypper has its proxy in its own file" {
  rm "${STUBS}/apt-get"
  mkdir "${BATS_TEST_TMPDIR}/path"
  ln -s /usr/bin/* "${BATS_TEST_TMPDIR}/path/"
  rm -f "${BATS_TEST_TMPDIR}/path/apt-get"
  stub zypper
  PATH="${STUBS}:${BATS_TEST_TMPDIR}/path" HTTPS_PROXY=$PROXY step 05-proxy
  ended 0
  grep -qx "HTTPS_PROXY=\"${PROXY}\"" "${DROVER_ROOT}/etc/sysconfig/proxy"
  grep -qx 'PROXY_ENABLED="yes"' "${DROVER_ROOT}/etc/sysconfig/proxy"
}

@test "a proxy with a password in its address is refused, and the password not repeated" {
  HTTPS_PROXY=http://me:hush@proxy.example.org:3128 step 05-proxy
  ended 2
  said "'HTTPS_PROXY' must be like http://proxy.example.org:3128"
  [[ $output != *hush* ]]
}

@test "a mirror that is no address, and a step with nothing to do, are refused" {
  PACKAGE_MIRROR=mirror.example.org step 05-proxy
  ended 2
  said "'PACKAGE_MIRROR' is 'mirror.example.org'"
  step 05-proxy
  ended 2
  said 'nothing to lead anywhere: set HTTP_PROXY, HTTPS_PROXY or PACKAGE_MIRROR'
}
