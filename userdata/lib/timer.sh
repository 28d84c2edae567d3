#!/usr/bin/env bash
# Timers that the bundle brings. Sourced after lib.sh.

# install_timer NAME: units/NAME.timer and its service, from now on and at each boot
install_timer() {
  local unit
  for unit in "$1.service" "$1.timer"; do
    write_file "/etc/systemd/system/${unit}" 0644 <"${BOOTSTRAP_LIB%/*}/units/${unit}"
  done
  enable_unit "$1.timer" "$1.service"
  systemctl start --no-block "$1.timer"
}
