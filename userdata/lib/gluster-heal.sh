#!/usr/bin/env bash
# What of a GlusterFS volume is still to be healed. Sourced after lib.sh.
#   GLUSTER_VOLUME  volume  (required)

# where the last answer lies, for the Zabbix agent and for people
HEAL_REPORT='/var/lib/drover/gluster-heal.json'
HEAL_RESULT='' HEAL_BRICKS=0 HEAL_AWAY=0 HEAL_ENTRIES=0 HEAL_TORN=0

# look_at_volume: asks once; leaves in HEAL_RESULT one of
#   healthy      each copy is complete
#   healing      some copies lack something; they get it by themselves
#   brick-away   a brick does not answer: a copy is missing
#   split-brain  copies contradict each other: a person has to choose
#   unknown      nobody answers for the volume
look_at_volume() {
  local summary counts
  # the exit code says nothing while a brick is away: the answer itself counts
  summary=$(timeout 120 gluster --mode=script volume heal "$GLUSTER_VOLUME" info summary) || :
  counts=$(count_entries <<<"$summary") || return
  words "$counts"
  HEAL_BRICKS=${WORDS[0]} HEAL_AWAY=${WORDS[1]} HEAL_ENTRIES=${WORDS[2]} HEAL_TORN=${WORDS[3]}
  HEAL_RESULT=healthy
  [ "$HEAL_ENTRIES" -eq 0 ] || HEAL_RESULT=healing
  [ "$HEAL_AWAY" -eq 0 ] || HEAL_RESULT=brick-away
  [ "$HEAL_TORN" -eq 0 ] || HEAL_RESULT=split-brain
  [ "$HEAL_BRICKS" -gt 0 ] || HEAL_RESULT=unknown
}

# count_entries: bricks, bricks away, entries to heal, entries in split-brain; a brick that is away has '-' for numbers
count_entries() {
  awk '
    /^Brick / { bricks++ }
    /^Status: / && $0 != "Status: Connected" { away++ }
    /^Total Number of entries: / && $NF ~ /^[0-9]+$/ { entries += $NF }
    /^Number of entries in split-brain: / && $NF ~ /^[0-9]+$/ { torn += $NF }
    END { printf "%d %d %d %d\n", bricks, away, entries, torn }'
}

volume_is_whole() {
  look_at_volume || return
  [ "$HEAL_RESULT" = healthy ]
}

# write_heal_report: the last answer, with the second in which it was given: one that grows old is bad news, too
write_heal_report() {
  printf '{"result": "%s", "checked": %(%s)T, "bricks": %d, "away": %d, "entries": %d, "splitBrain": %d}\n' \
    "$HEAL_RESULT" -1 "$HEAL_BRICKS" "$HEAL_AWAY" "$HEAL_ENTRIES" "$HEAL_TORN" | write_file "$HEAL_REPORT" 0644
}
