#!/usr/bin/env bash
# Gets the bootstrap bundle by the machine's own identity, proves its checksum and starts its runner.
# Written by cloud-init; reads /etc/drover/bootstrap.env. Every byte counts against the size of user data.
#   BUNDLE_URL     https address of the bundle, in S3 with ?versionId=  (required)
#   BUNDLE_SHA256  its checksum                                         (required)
#   REGION         region that signs the request                        (required)
#   FETCH_DEADLINE_SEC  time for all attempts                           (default 600)
# Exit codes: 2 setting missing, 3 not fetched in time, 4 wrong checksum, 5 curl too old; then those of run.sh
set -o errexit -o nounset -o pipefail

root=${DROVER_ROOT:-} home=${DROVER_ROOT:-}/opt/drover
imds=http://169.254.169.254/latest

say() { printf 'drover fetch: %s\n' "$*" >&2; }
field() { sed -n "s/.*\"$1\" *: *\"\([^\"]*\)\".*/\1/p"; }

metadata() {
  local token
  token=$(curl -sSf -m 5 --noproxy '*' -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$imds/api/token") &&
    curl -sSf -m 5 --noproxy '*' -K - "$imds/meta-data/$1" <<<"header = \"X-aws-ec2-metadata-token: $token\""
}

download() {
  local role answer
  role=$(metadata iam/security-credentials/) && answer=$(metadata "iam/security-credentials/$role") || return
  # the keys go through stdin, so that no process list shows them; the checksum is that of an empty body
  curl -sSf -m 60 --aws-sigv4 "aws:amz:$REGION:s3" -K - -o "$home/bundle.tar" "$BUNDLE_URL" <<-END
	user = "$(field AccessKeyId <<<"$answer"):$(field SecretAccessKey <<<"$answer")"
	header = "X-Amz-Security-Token: $(field Token <<<"$answer")"
	header = "X-Amz-Content-Sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	END
}

# curl signs a session token for S3 correctly since 7.88
check_curl() {
  local version
  version=$(curl --version | sed -n '1s/^curl \([0-9.]*\).*/\1/p')
  [ "$(printf '7.88\n%s\n' "$version" | sort -V | head -n 1)" = 7.88 ] ||
    { say "curl '$version' is too old: 7.88 or later is needed" && exit 5; }
}

# cloud-init starts this once: should the power go meanwhile, the next boot goes on; run.sh takes that away
resume_at_boot() {
  mkdir -p "$root/etc/systemd/system"
  cat >"$root/etc/systemd/system/drover-bootstrap.service" <<-'END'
	[Unit]
	After=network-online.target
	[Service]
	ExecStart=/opt/drover/fetch.sh
	[Install]
	WantedBy=multi-user.target
	END
  systemctl enable --quiet --no-reload drover-bootstrap || say 'a power cut would end this bootstrap for good'
}

main() {
  check_curl
  local deadline=$((SECONDS + ${FETCH_DEADLINE_SEC:-600}))
  mkdir -p "$home"
  resume_at_boot
  until download; do
    [ "$SECONDS" -lt "$deadline" ] || { say "no bundle from '$BUNDLE_URL' in time" && exit 3; }
    sleep 5
  done
  sha256sum --check --status <<<"$BUNDLE_SHA256  $home/bundle.tar" ||
    { say "checksum of '$BUNDLE_URL' is not '$BUNDLE_SHA256'" && exit 4; }
  rm -rf "$home/bundle.new"
  mkdir "$home/bundle.new"
  tar -xf "$home/bundle.tar" -C "$home/bundle.new"
  rm -rf "$home/bundle"
  mv "$home/bundle.new" "$home/bundle"
  exec "$home/bundle/run.sh"
}

# shellcheck source=/dev/null
. "$root/etc/drover/bootstrap.env"
# on another cloud a file beside this one puts its own download and check_curl in the place of these
file=$home/fetch-${DROVER_PLATFORM:-${DROVER_CLOUD:-}}.sh
# shellcheck source=/dev/null
[ ! -e "$file" ] || . "$file"
for name in BUNDLE_URL BUNDLE_SHA256 REGION; do
  [ -n "${!name:-}" ] || { say "'$name' is missing in /etc/drover/bootstrap.env" && exit 2; }
done
main
