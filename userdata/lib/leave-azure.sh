#!/usr/bin/env bash
# The end of a machine as Azure announces it: a scheduled event Terminate (5 to 15 min before, as its scale set says) or
# Preempt (a spot machine, 30 s before). Sourced by units/leave.sh; lib/leave-aws.sh has the same names.
# https://learn.microsoft.com/azure/virtual-machines/linux/scheduled-events

# shellcheck source=azure.sh
. "${LIB_DIR}/azure.sh"

# a notice of 30 s leaves none to lose
# shellcheck disable=SC2034 # used by the file that sources this one
readonly NOTICE_EVERY_SEC=2
EVENT='' SHARED=''

# events [ARGUMENT...]: the first question that a machine ever asks may take two minutes
events() {
  curl --silent --fail --max-time 130 --noproxy '*' --header 'Metadata: true' "$@" \
    "${AZURE_METADATA}/scheduledevents?api-version=2020-07-01"
}

# end_is_announced: leaves the event in EVENT, and in SHARED how many other machines it is about
end_is_announced() {
  local all name found
  all=$(events) || return
  # nearly always there is none: no further program is started then
  [[ $all == *'"EventId"'* ]] || return
  name=$(azure_metadata compute/name) || return
  found=$(python3 "${LIB_DIR}/end_event.py" "$name" <<<"$all") || return
  [ -n "$found" ] || return
  read -r EVENT SHARED <<<"$found"
}

# agree_to_end EMPTIED: shortens the notice once the pods have gone; who has not is left what remains of it
agree_to_end() {
  if [ "$1" != true ]; then
    log "event '${EVENT}' is not agreed to: it comes when its notice is over"
    return 0
  fi
  # one machine's word counts for all that the event is about
  if [ "$SHARED" -ne 0 ]; then
    log "event '${EVENT}' is about ${SHARED} further machines: it comes when its notice is over"
    return 0
  fi
  if ! events --request POST --data "{\"StartRequests\":[{\"EventId\":$(json_string "$EVENT")}]}" >/dev/null; then
    log "could not agree to event '${EVENT}'"
    return 1
  fi
  log "event '${EVENT}' may come"
}
