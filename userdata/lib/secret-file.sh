#!/usr/bin/env bash
# Secrets that whoever provisions this machine has put on it as files. Sourced after lib.sh.
#   SECRET_DIRECTORY  folder of the files, each readable by root alone  (default /etc/drover/secrets)

# file_get NAME: the content of a file, without its closing line break
file_get() {
  local name=${1#/} path
  [[ $name =~ ^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*$ && /$name/ != */../* ]] ||
    die "'$1' is not the name of a secret file: letters, digits, '_', '.', '-' and '/'" 2
  path="${SECRET_DIRECTORY:-/etc/drover/secrets}/${name}"
  check_private_file "$path" || return
  cat "${ROOT}${path}"
}
