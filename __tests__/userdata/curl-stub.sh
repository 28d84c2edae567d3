#!/usr/bin/env bash
# Stands in for curl: answers from the rules that `answer` left, newest first; a request that nothing fits is an HTTP error.
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
    --config | -K) request+=$'\n'"$(cat)" ;;
  esac
done
[ "$output" != - ] || output=/dev/stdout
printf 'curl %s\n' "$*" >>"$CALLS"
printf '%s\n---\n' "$request" >>"$REQUESTS"

rules=("$ANSWERS"/*)
for ((index = ${#rules[@]} - 1; index >= 0; index--)); do
  rule=${rules[index]}
  times=$(<"${rule}/times")
  if [[ $times -gt 0 && $request == *"$(<"${rule}/pattern")"* ]]; then
    printf '%s' $((times - 1)) >"${rule}/times"
    cat "${rule}/body" >"$output"
    exit "$(<"${rule}/code")"
  fi
done
exit 22
