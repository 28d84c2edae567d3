# NGINX before servers whose addresses the settings hold, and with further ports.
load helper

CONFIG=/etc/nginx/nginx.conf

setup() {
  setup_machine
  # the secrets of this host are no matter of NGINX's: there is no AppRole here
  export SECRET_STORE=vault NGINX_SERVERS='10.40.0.11 10.40.0.12 10.40.0.13' NGINX_PORTS='6443 9345 80 443'
  export NGINX_HEALTH_PORT=8404
  stub dpkg-query 'printf "installed 1.24.0-2ubuntu7"'
  stub timeout 'shift; "$@"'
  stub systemctl
  stub nginx
  stub apt-get
  answer /healthz ''
}

# upstream NAME: its servers, as the configuration has them
upstream() { sed -n "/upstream $1 {/,/}/s/^ *server \([^ ]*\) .*;$/\1/p" "${DROVER_ROOT}${CONFIG}" | tr '\n' ' '; }

@test "each port goes to the same port of every server" {
  step 65-nginx
  ended 0
  for port in 6443 9345 80 443; do
    [ "$(upstream "tcp-${port}")" = "10.40.0.11:${port} 10.40.0.12:${port} 10.40.0.13:${port} " ]
    grep -qx "        listen ${port};" "${DROVER_ROOT}${CONFIG}"
    grep -qx "        proxy_pass tcp-${port};" "${DROVER_ROOT}${CONFIG}"
  done
  [ "$(upstream health)" = '10.40.0.11:80 10.40.0.12:80 10.40.0.13:80 ' ]
}

@test "no store is asked, and no timer follows a list that changes with the settings alone" {
  step 65-nginx
  ended 0
  not_called /v1/
  [ ! -e "${DROVER_ROOT}/etc/systemd/system/drover-nginx-servers.timer" ]
}

@test "a changed list is checked and reloaded, an equal one reloads nothing" {
  step 65-nginx
  : >"$CALLS"
  step 65-nginx
  ended 0
  not_called 'reload nginx'
  NGINX_SERVERS='10.40.0.11 10.40.0.14' step 65-nginx
  ended 0
  called 'systemctl reload nginx'
  [ "$(upstream tcp-443)" = '10.40.0.11:443 10.40.0.14:443 ' ]
}

@test "without the web among the ports, any answer of the first one is a sign of health" {
  NGINX_PORTS='6443 9345' step 65-nginx
  ended 0
  [ "$(upstream health)" = '10.40.0.11:6443 10.40.0.12:6443 10.40.0.13:6443 ' ]
  ! grep -q 'listen 80;' "${DROVER_ROOT}${CONFIG}"
}

@test "ports and addresses that are none end the step at once" {
  NGINX_PORTS='80 https' step 65-nginx
  ended 2
  said "'NGINX_PORTS' holds 'https', must be ports"
  NGINX_SERVERS='10.40.0.11 kv-02' step 65-nginx
  ended 1
  said "'kv-02' in 'NGINX_SERVERS' is no IPv4 address"
  not_called sleep
}

@test "a configuration that NGINX refuses ends the step" {
  stub nginx 'exit 1'
  step 65-nginx
  ended 1
  said "the servers '10.40.0.11 10.40.0.12 10.40.0.13' could not be taken into NGINX"
}

@test "the configuration is one that NGINX takes" {
  PATH="${PATH#*:}" command -v nginx >/dev/null || skip 'no nginx on this machine'
  [ -e /usr/lib/nginx/modules/ngx_stream_module.so ] || skip 'its stream module is not installed'
  step 65-nginx
  sed -e "s#/run/nginx.pid#${BATS_TEST_TMPDIR}/pid#" -e "s#/var/log/nginx#${BATS_TEST_TMPDIR}#" \
    "${DROVER_ROOT}${CONFIG}" >"${BATS_TEST_TMPDIR}/nginx.conf"
  PATH="${PATH#*:}" nginx -t -q -c "${BATS_TEST_TMPDIR}/nginx.conf"
}
