load helper

CONFIG=/etc/nginx/nginx.conf

setup() {
  setup_machine
  answers_of_identity
  export NGINX_SERVERS_PARAMETER=/drover/dev/management/nginx-servers NGINX_HEALTH_PORT=8404
  stub dpkg-query 'printf "installed 1.24.0-2ubuntu7"'
  stub timeout 'shift; "$@"'
  stub systemctl
  stub nginx
  stub apt-get
  parameter "$NGINX_SERVERS_PARAMETER" '10.20.240.11 10.20.241.12'
  answer /healthz ''
  place /etc/drover/bootstrap.env "NGINX_SERVERS_PARAMETER='${NGINX_SERVERS_PARAMETER}'
NGINX_HEALTH_PORT='8404'
REGION='eu-west-1'"
}

timer() { run bash "${USERDATA}/units/nginx-servers.sh"; }

# upstream NAME: its servers, as the configuration has them
upstream() { sed -n "/upstream $1 {/,/}/s/^ *server \(.*\);$/\1/p" "${DROVER_ROOT}${CONFIG}"; }

@test "both ports go to every server, one that fails rests for a moment" {
  step 65-nginx
  ended 0
  [ "$(upstream tcp-80)" = '10.20.240.11:80 max_fails=1 fail_timeout=5s
10.20.241.12:80 max_fails=1 fail_timeout=5s' ]
  [ "$(upstream tcp-443)" = '10.20.240.11:443 max_fails=1 fail_timeout=5s
10.20.241.12:443 max_fails=1 fail_timeout=5s' ]
  [ "$(grep -c 'least_conn;' "${DROVER_ROOT}${CONFIG}")" = 3 ]
  grep -q '^ *listen 8404;' "${DROVER_ROOT}${CONFIG}"
  called 'systemctl enable --quiet nginx'
  said "traffic goes to '10.20.240.11 10.20.241.12'"
}

@test "the configuration is one that NGINX takes" {
  PATH="${PATH#*:}" command -v nginx >/dev/null || skip 'no nginx on this machine'
  [ -e /usr/lib/nginx/modules/ngx_stream_module.so ] || skip 'its stream module is not installed'
  step 65-nginx
  # paths of the machine itself may be another user's
  sed -e "s#/run/nginx.pid#${BATS_TEST_TMPDIR}/pid#" -e "s#/var/log/nginx#${BATS_TEST_TMPDIR}#" \
    "${DROVER_ROOT}${CONFIG}" >"${BATS_TEST_TMPDIR}/nginx.conf"
  PATH="${PATH#*:}" nginx -t -q -c "${BATS_TEST_TMPDIR}/nginx.conf"
}

@test "the version that is asked for counts for the package and its module" {
  stub dpkg-query 'exit 1'
  NGINX_VERSION=1.24.0-2ubuntu7 step 65-nginx
  ended 0
  called 'install --yes --no-install-recommends nginx=1.24.0-2ubuntu7'
  called 'install --yes --no-install-recommends libnginx-mod-stream=1.24.0-2ubuntu7'
}

@test "on SUSE the module comes with the package" {
  rm "${STUBS}/apt-get"
  mkdir "${BATS_TEST_TMPDIR}/path"
  ln -s /usr/bin/* "${BATS_TEST_TMPDIR}/path/"
  rm -f "${BATS_TEST_TMPDIR}/path/apt-get"
  stub zypper
  stub rpm 'exit 1'
  PATH="${STUBS}:${BATS_TEST_TMPDIR}/path" step 65-nginx
  ended 0
  called 'zypper --non-interactive install --no-recommends --oldpackage nginx'
  not_called libnginx
  grep -qx 'user nginx;' "${DROVER_ROOT}${CONFIG}"
}

@test "a list that has changed is checked, then reloaded" {
  step 65-nginx
  : >"$CALLS"
  parameter "$NGINX_SERVERS_PARAMETER" '10.20.240.11 10.20.241.12 10.20.242.13'
  timer
  ended 0
  [ "$(upstream tcp-443 | wc -l)" = 3 ]
  grep -nE 'nginx -t|reload' "$CALLS" | sed 's/^[0-9]*://' | sed "s#${DROVER_ROOT}##" >"${BATS_TEST_TMPDIR}/order"
  [ "$(cat "${BATS_TEST_TMPDIR}/order")" = 'timeout 30 nginx -t -q -c /etc/nginx/drover-next.conf
nginx -t -q -c /etc/nginx/drover-next.conf
timeout 60 systemctl reload nginx
systemctl reload nginx' ]
  not_called 'systemctl restart'
}

@test "an equal list reloads nothing" {
  step 65-nginx
  : >"$CALLS"
  timer
  ended 0
  not_called reload
  not_called 'nginx -t'
}

@test "a configuration that NGINX refuses is not taken" {
  step 65-nginx
  before=$(content "$CONFIG")
  stub nginx 'exit 1'
  parameter "$NGINX_SERVERS_PARAMETER" '10.20.240.99'
  : >"$CALLS"
  timer
  ended 1
  said "the configuration for '10.20.240.99' is refused by nginx -t: the one before stays"
  [ "$(content "$CONFIG")" = "$before" ]
  not_called reload
}

@test "a reload that fails is tried again with the next look" {
  step 65-nginx
  parameter "$NGINX_SERVERS_PARAMETER" '10.20.240.99'
  stub systemctl '[ "$1" != reload ]'
  timer
  ended 1
  stub systemctl
  : >"$CALLS"
  timer
  ended 0
  called 'systemctl reload nginx'
}

@test "a list that is none is not taken" {
  parameter "$NGINX_SERVERS_PARAMETER" '10.20.240.11 rm;reboot'
  SECRET_DEADLINE_SEC=10 step 65-nginx
  ended 3
  said "'rm;reboot' in '/drover/dev/management/nginx-servers' is no IPv4 address"
  [ ! -e "${DROVER_ROOT}${CONFIG}" ]
}

@test "a list that can't be read leaves NGINX as it is" {
  step 65-nginx
  answer GetParameter '{"__type":"AccessDeniedException"}' 22
  timer
  ended 1
  said "could not read parameter '/drover/dev/management/nginx-servers'"
  grep -q '10.20.240.11:443' "${DROVER_ROOT}${CONFIG}"
}

@test "a list that never comes ends the step at the deadline" {
  parameter "$NGINX_SERVERS_PARAMETER" pending
  SECRET_DEADLINE_SEC=10 step 65-nginx
  ended 3
  said "waiting for the servers in '/drover/dev/management/nginx-servers'"
}

@test "servers that do not answer yet don't hold the machine up, an NGINX that does not answer does" {
  answer /healthz '' 7
  step 65-nginx
  ended 3
  said 'waiting for NGINX to answer for its health'
}

@test "NGINX is started again when it crashes, and the list is followed" {
  step 65-nginx
  [ "$(content /etc/systemd/system/nginx.service.d/20-drover.conf)" = '[Service]
Restart=on-failure
RestartSec=1' ]
  cmp "${DROVER_ROOT}/etc/systemd/system/drover-nginx-servers.timer" "${USERDATA}/units/drover-nginx-servers.timer"
  cmp "${DROVER_ROOT}/etc/systemd/system/drover-nginx-servers.service" "${USERDATA}/units/drover-nginx-servers.service"
  called 'systemctl start --no-block drover-nginx-servers.timer'
}

@test "list and port are required, the port is one" {
  NGINX_SERVERS_PARAMETER='' NGINX_HEALTH_PORT='' step 65-nginx
  ended 2
  said "'NGINX_HEALTH_PORT'"
  NGINX_SERVERS_PARAMETER='' step 65-nginx
  ended 2
  said "'NGINX_SERVERS_PARAMETER'"
  NGINX_HEALTH_PORT=http step 65-nginx
  ended 2
  said "'NGINX_HEALTH_PORT' is 'http', must be a port"
}
