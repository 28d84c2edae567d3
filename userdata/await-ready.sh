#!/bin/sh
# Waits on a machine until its bootstrap has reported how it ended; sent to it as a command, not part of the bundle.
# Gives up after AWAIT_DEADLINE_SEC, else when the machine itself gives up (HEALTH_DEADLINE_SEC of its settings), else
# after 1700 s.
# Exit codes: 0 it went well, 1 it failed (the step is named), 2 it never began, 3 no report within the deadline
set -eu

report=${DROVER_ROOT:-}/var/lib/drover/bootstrap.json
log=${DROVER_ROOT:-}/var/log/drover-bootstrap.log
cloud_init_done=${DROVER_ROOT:-}/var/lib/cloud/instance/boot-finished
settings=${DROVER_ROOT:-}/etc/drover/bootstrap.env
every_sec=10

waited=0
while :; do
  # cloud-init writes the settings: they may come later than this command
  health_sec=$(sed -n "s/^HEALTH_DEADLINE_SEC='\([0-9]*\)'\$/\1/p" "$settings" 2>/dev/null || :)
  deadline_sec=${AWAIT_DEADLINE_SEC:-${health_sec:-1700}}
  result=$(sed -n 's/^  "result": "\(.*\)",$/\1/p' "$report" 2>/dev/null || :)
  case "$result" in
    ok)
      echo "bootstrap went well"
      exit 0
      ;;
    failed:*)
      echo "bootstrap failed at step '${result#failed:}'; the end of $log:" >&2
      tail -n 20 "$log" >&2 || :
      exit 1
      ;;
    '')
      if [ -e "$cloud_init_done" ]; then
        echo "cloud-init is done but the bootstrap never began: see /var/log/cloud-init-output.log" >&2
        exit 2
      fi
      ;;
  esac
  if [ "$waited" -ge "$deadline_sec" ]; then
    echo "no report of the bootstrap within $deadline_sec s (now '${result:-none}'): see $log" >&2
    exit 3
  fi
  sleep "$every_sec"
  waited=$((waited + every_sec))
done
