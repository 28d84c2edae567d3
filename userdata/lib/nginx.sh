#!/usr/bin/env bash
# NGINX before servers: its configuration out of their addresses. Sourced after lib.sh, lib/packages.sh and, where a
# parameter holds the addresses, lib/secret.sh.
#   NGINX_SERVERS            addresses of the servers, space-separated  (default those in NGINX_SERVERS_PARAMETER)
#   NGINX_SERVERS_PARAMETER  where the addresses stand, space-separated, if they change by themselves
#                            (required without NGINX_SERVERS)
#   NGINX_PORTS              ports that are passed on, each to the same port of a server  (default 80 443)
#   NGINX_HEALTH_PORT        port of /healthz, which fails while no server answers        (required)

NGINX_CONFIG='/etc/nginx/nginx.conf'
NGINX_NEXT='/etc/nginx/drover-next.conf'
# what the running NGINX has read: a reload that failed is tried again
NGINX_LOADED='/run/drover/nginx.conf'

# nginx_servers: the present list
nginx_servers() {
  if [ -n "${NGINX_SERVERS:-}" ]; then
    printf '%s\n' "$NGINX_SERVERS"
  else
    secret_published "$NGINX_SERVERS_PARAMETER"
  fi
}

# follow_servers: takes the present list over; an equal one changes nothing, one that NGINX would refuse is not taken
follow_servers() {
  local list wanted
  list=$(nginx_servers) || return
  words "$list"
  check_addresses "${WORDS[@]}" || return
  wanted=$(nginx_config "${WORDS[@]}") || return
  [ "$wanted" != "$(cat "${ROOT}${NGINX_LOADED}" 2>/dev/null || :)" ] || return 0
  printf '%s\n' "$wanted" | write_file "$NGINX_NEXT" 0644 || return
  if ! timeout 30 nginx -t -q -c "${ROOT}${NGINX_NEXT}"; then
    log "the configuration for '${list}' is refused by nginx -t: the one before stays"
    return 1
  fi
  mv -f "${ROOT}${NGINX_NEXT}" "${ROOT}${NGINX_CONFIG}" || return
  # old workers go on until their last connection ends: a reload drops none
  ! systemctl is-active --quiet nginx || timeout 60 systemctl reload nginx || return
  printf '%s\n' "$wanted" | write_file "$NGINX_LOADED" 0644 || return
  log "traffic goes to '${list}'"
}

check_addresses() {
  local address from=${NGINX_SERVERS_PARAMETER:-}
  [ -z "${NGINX_SERVERS:-}" ] || from=NGINX_SERVERS
  for address in "$@"; do
    [[ $address =~ ^[0-9]{1,3}(\.[0-9]{1,3}){3}$ ]] || {
      log "'${address}' in '${from}' is no IPv4 address: the list before stays"
      return 1
    }
  done
}

# upstream NAME PORT ADDRESS...: a server that fails once rests for 5 s; all workers know it
upstream() {
  local name=$1 port=$2
  shift 2
  printf '    upstream %s {\n        zone %s 64k;\n        least_conn;\n' "$name" "$name"
  printf "        server %s:${port} max_fails=1 fail_timeout=5s;\n" "$@"
  printf '    }\n'
}

# passed_on PORT: whoever connects to it is led to a server
passed_on() { printf '    server {\n        listen %s;\n        proxy_pass tcp-%s;\n    }\n' "$1" "$1"; }

# health_port: what is asked for health; the web where it is passed on, else any answer of the first port proves the way
health_port() {
  case " $* " in
    *' 80 '*) printf 80 ;;
    *) printf '%s' "$1" ;;
  esac
}

# nginx_config ADDRESS...: TCP is passed on as it is, so that certificates stay the servers' matter
nginx_config() {
  local manager user=www-data port ports upstreams='' streams=''
  manager=$(package_manager) || return
  [ "$manager" = apt ] || user=nginx
  words "${NGINX_PORTS:-80 443}"
  ports=("${WORDS[@]}")
  for port in "${ports[@]}"; do
    upstreams+="$(upstream "tcp-${port}" "$port" "$@")"$'\n'
    streams+=$'\n'"$(passed_on "$port")"
  done
  cat <<END
# Written by Drover, anew whenever the list of servers changes.
user ${user};
worker_processes auto;
worker_rlimit_nofile 65536;
pid /run/nginx.pid;
error_log /var/log/nginx/error.log warn;
include /etc/nginx/modules-enabled/*.conf;

events {
    worker_connections 16384;
}

stream {
${upstreams}    proxy_connect_timeout 1s;
    # longer than the load balancer before it keeps an idle connection
    proxy_timeout 10m;
    proxy_socket_keepalive on;${streams}
}

http {
    access_log off;
    server_tokens off;
$(upstream health "$(health_port "${ports[@]}")" "$@")
    server {
        listen ${NGINX_HEALTH_PORT};
        location = /healthz {
            proxy_pass http://health;
            proxy_connect_timeout 1s;
            proxy_read_timeout 2s;
            proxy_next_upstream error timeout;
            proxy_next_upstream_timeout 4s;
            # any answer of a server proves the way to it, also a redirect or that it knows no such host
            proxy_intercept_errors on;
            error_page 301 302 303 307 308 400 401 403 404 405 421 426 429 = @answered;
        }
        location @answered {
            default_type text/plain;
            return 200 "a server answers\n";
        }
        location / {
            return 404;
        }
    }
}
END
}
