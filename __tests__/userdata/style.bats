# What holds for every script of the bundle.

setup() { USERDATA="$(cd "${BATS_TEST_DIRNAME}/../../userdata" && pwd)"; }

# code FILE: without comments
code() { sed 's/^ *#.*//' "$1"; }

@test "no script waits by itself: only retry loops and sleeps" {
  for file in "$USERDATA"/run.sh "$USERDATA"/lib/*.sh "$USERDATA"/steps/*.sh "$USERDATA"/units/*.sh; do
    found=$(code "$file" | grep -nE '(^|[;&|( ])(until|sleep|wait)( |$)|while (true|:|!)' || true)
    [ -z "$found" ] || {
      echo "${file}: ${found}" >&2
      return 1
    }
  done
}

@test "every retry has a deadline, a pace and a word on what it waits for" {
  for file in "$USERDATA"/lib/*.sh "$USERDATA"/steps/*.sh "$USERDATA"/units/*.sh; do
    # a call may go over two lines
    code "$file" | sed -z 's/\\\n/ /g' | grep -E '(^|[ (])retry ' >"${BATS_TEST_TMPDIR}/calls" || continue
    [ "$(grep -vcE -- '--deadline .*--every .*--what ' "${BATS_TEST_TMPDIR}/calls")" -eq 0 ] || {
      echo "${file}: $(<"${BATS_TEST_TMPDIR}/calls")" >&2
      return 1
    }
  done
}

@test "the two scripts without the library have a deadline of their own" {
  grep -q 'SECONDS" -lt "$deadline"' "${USERDATA}/fetch.sh"
  grep -q '"$waited" -ge "$deadline_sec"' "${USERDATA}/await-ready.sh"
}

@test "every curl has a time limit" {
  for file in "$USERDATA"/fetch.sh "$USERDATA"/lib/*.sh "$USERDATA"/steps/*.sh; do
    code "$file" | sed -z 's/\\\n/ /g' | grep -E '(^|[ (])curl -' | grep -v -- 'curl --version' >"${BATS_TEST_TMPDIR}/calls" || continue
    [ "$(grep -vcE -- '--max-time|-m [0-9]' "${BATS_TEST_TMPDIR}/calls")" -eq 0 ] || {
      echo "${file}: $(<"${BATS_TEST_TMPDIR}/calls")" >&2
      return 1
    }
  done
}

@test "every step begins with its contract and ends with its one entry line" {
  for file in "$USERDATA"/steps/*.sh; do
    [ "$(tail -n 1 "$file")" = 'main "$@"' ]
    [ "$(sed -n 1p "$file")" = '#!/usr/bin/env bash' ]
    sed -n '2,20p' "$file" | grep -qE '^#   [A-Z0-9_]+ '
    grep -q '^set -o errexit -o nounset -o pipefail$' "$file"
  done
}

@test "every setting that a script reads stands in the README" {
  for file in "$USERDATA"/fetch.sh "$USERDATA"/steps/*.sh "$USERDATA"/units/*.sh; do
    for name in $(grep -oE '^# +[A-Z][A-Z0-9_]{3,} ' "$file" | tr -d '# ' | sort -u); do
      grep -q "\`${name}\`" "${USERDATA}/README.md" || {
        echo "$(basename "$file"): ${name}" >&2
        return 1
      }
    done
  done
}
