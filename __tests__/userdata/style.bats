# What holds for every script of the bundle.

setup() { USERDATA="$(cd "${BATS_TEST_DIRNAME}/../../userdata" && pwd)"; }

scripts() { printf '%s\n' "$USERDATA"/run.sh "$USERDATA"/leave-cluster.sh "$USERDATA"/enter.sh "$USERDATA"/lib.sh "$USERDATA"/lib/*.sh "$USERDATA"/steps/*.sh "$USERDATA"/units/*.sh; }

# code FILE: without comments, a command that goes over lines on one
code() { sed 's/^ *#.*//' "$1" | sed -z 's/\\\n */ /g'; }

# none WHAT FILE LINES: fails and shows the lines, if there are any
none() {
  [ -z "$3" ] || {
    printf '%s: %s:\n%s\n' "$2" "$1" "$3" >&2
    return 1
  }
}

# own_waits FILE: lines that wait by themselves, where only retry may
own_waits() {
  code "$1" | sed '/^retry() {$/,/^}$/d' |
    grep -nE '(^|[;&|( ])(until|sleep|wait|inotifywait)( |$)|while (true|:|!|\[)|tail -[fF]|systemctl [a-z]+ --wait' || :
}

# retries_without_deadline FILE
retries_without_deadline() { code "$1" | grep -E '(^|[ (!])retry -' | grep -vE -- '--deadline .*--every .*--what ' || :; }

# unbounded_calls FILE: programs that talk to somebody and have no limit of their own
unbounded_calls() {
  code "$1" | grep -E '(^|[ (|])curl ["$-]' | grep -vE -- '--max-time|-m [0-9]|curl --version' || :
  code "$1" | grep -E '(^|[ (|])(apt-get|zypper|gluster|docker (version|run|pull)|rpm --import|wget) ' |
    grep -vE "timeout [0-9]+ |command -v|die '|die \"|--what |printf|rpm --query" || :
  # starting a unit may take as long as the unit likes
  code "$1" | grep -E 'systemctl (re)?start ' | grep -vE -- '--no-block|drover-leave|timeout [0-9]+ ' || :
}

@test "no script waits by itself: only retry loops and sleeps" {
  for file in $(scripts); do none 'waits by itself' "$file" "$(own_waits "$file")"; done
}

@test "every retry has a deadline, a pace and a word on what it waits for" {
  for file in $(scripts); do none 'no deadline' "$file" "$(retries_without_deadline "$file")"; done
}

@test "every call of a program that talks to somebody has a time limit" {
  for file in "$USERDATA"/fetch*.sh "$USERDATA"/preflight.sh $(scripts); do none 'no time limit' "$file" "$(unbounded_calls "$file")"; done
}

@test "on a machine the prefix of the tests is empty: nothing demands it" {
  for file in $(scripts); do none 'demands ROOT' "$file" "$(code "$file" | grep -n '{ROOT:?' || :)"; done
}

@test "a step without a deadline would be found" {
  local bad="${BATS_TEST_TMPDIR}/bad.sh" line
  for line in 'until ready; do :; done' 'while ! ready; do :; done' 'sleep 5' 'ready || sleep 5' 'while [ ! -e x ]; do :; done'; do
    printf '%s\n' "$line" >"$bad"
    [ -n "$(own_waits "$bad")" ]
  done
  printf 'retry --every 5 --what rain \\\n  ready\n' >"$bad"
  [ -n "$(retries_without_deadline "$bad")" ]
  for line in 'curl --silent "$url"' 'x=$(curl "$url")' 'apt-get install x' 'gluster peer probe x' 'systemctl restart x'; do
    printf '%s\n' "$line" >"$bad"
    [ -n "$(unbounded_calls "$bad")" ]
  done
}

@test "what is bounded is not taken for a wait" {
  local good="${BATS_TEST_TMPDIR}/good.sh"
  cat >"$good" <<'END'
# until the volume comes, sleep
while read -r name; do echo "$name"; done
retry --deadline 5 --every 1 \
  --what rain ready
timeout 300 apt-get update
curl --silent \
  --max-time 5 "$url"
END
  [ -z "$(own_waits "$good")$(retries_without_deadline "$good")$(unbounded_calls "$good")" ]
}

@test "the two scripts without the library have a deadline of their own" {
  grep -q 'SECONDS" -lt "$deadline"' "${USERDATA}/fetch.sh"
  grep -q '"$waited" -ge "$deadline_sec"' "${USERDATA}/await-ready.sh"
}

@test "every step begins with its contract and ends with its one entry line" {
  for file in "$USERDATA"/steps/*.sh; do
    [ "$(tail -n 1 "$file")" = 'main "$@"' ]
    [ "$(sed -n 1p "$file")" = '#!/usr/bin/env bash' ]
    sed -n '2,20p' "$file" | grep -qE '^#   [A-Z0-9_]+ '
    grep -q '^set -o errexit -o nounset -o pipefail$' "$file"
    [ -x "$file" ]
  done
}

@test "every step has tests of its own" {
  for file in "$USERDATA"/steps/*.sh; do
    name=$(basename "$file" .sh)
    grep -qE "step ${name}$" "${BATS_TEST_DIRNAME}"/*.bats || {
      echo "no test runs step '${name}'" >&2
      return 1
    }
  done
}

@test "every setting that a script reads stands in the README" {
  for file in "$USERDATA"/fetch*.sh "$USERDATA"/enter.sh "$USERDATA"/leave-cluster.sh "$USERDATA"/lib/*.sh "$USERDATA"/steps/*.sh "$USERDATA"/units/*.sh; do
    for name in $(grep -oE '^#   [A-Z][A-Z0-9_]{3,} ' "$file" | tr -d '# ' | sort -u); do
      grep -q "\`${name}\`" "${USERDATA}/README.md" || {
        echo "$(basename "$file"): ${name}" >&2
        return 1
      }
    done
  done
}
