#!/usr/bin/env bash
# Stands in for curl: answers from the rules that `answer` left, newest first; a request that nothing fits is an HTTP error.
# Tests call it thousands of times: it starts no process but for the content of a file.
shopt -s nullglob

request="$*"
output=/dev/stdout
arguments=("$@")
for index in "${!arguments[@]}"; do
  case "${arguments[index]}" in
    --version)
      echo "curl ${CURL_VERSION:-8.5.0} (x86_64-pc-linux-gnu)"
      exit 0
      ;;
    --output | -o) output="${arguments[index + 1]}" ;;
    --config | -K)
      IFS= read -r -d '' settings
      request+=$'\n'"${settings%$'\n'}"
      ;;
  esac
done
[ "$output" != - ] || output=/dev/stdout
printf 'curl %s\n' "$*" >>"$CALLS"
printf '%s\n---\n' "$request" >>"$REQUESTS"

rules=("$ANSWERS"/*)
for ((index = ${#rules[@]} - 1; index >= 0; index--)); do
  mapfile -d '' -t rule <"${rules[index]}"
  pattern=${rule[0]} body=${rule[1]} code=${rule[2]} times=${rule[3]} file=${rule[4]}
  if [[ $times != 0 && $request == *"$pattern"* ]]; then
    [ -z "$times" ] || printf '%s\0' "$pattern" "$body" "$code" $((times - 1)) "$file" >"${rules[index]}"
    if [ -n "$file" ]; then cat "$file"; else printf '%s' "$body"; fi >"$output"
    exit "$code"
  fi
done
exit 22
