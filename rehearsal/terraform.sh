#!/usr/bin/env bash
# Stands before Terraform while cdktf runs it and notes what it says of each stack: cdktf's own log loses its last lines
# when a stack fails.
#   DROVER_STACK_LOGS  folder of the notes, <stack>.jsonl each  (required)
# Exit: Terraform's own.
set -o nounset -o pipefail

main() {
  local log code
  case "${1:-}" in
    apply | destroy) ;;
    *) exec terraform "$@" ;;
  esac
  log="${DROVER_STACK_LOGS:?}/$(basename "$PWD").jsonl"
  terraform "$@" 2>&1 | tee "$log"
  code=$?
  printf '{"@level":"info","@message":"terraform %s ended with %d","type":"exit","code":%d}\n' "$1" "$code" "$code" >>"$log"
  return "$code"
}

main "$@"
