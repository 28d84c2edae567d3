load helper

setup() {
  setup_machine
  export RKE2_VERSION=v1.35.7+rke2r1
  stub systemctl
  stub uname 'echo "${MACHINE:-x86_64}"'
  release v1.35.7+rke2r1
}

# release VERSION: an archive whose rke2 says that version
release() {
  local folder="${BATS_TEST_TMPDIR}/archive"
  mkdir -p "${folder}/bin"
  printf '#!/usr/bin/env bash\necho "rke2 version %s (0123)"\n' "$1" >"${folder}/bin/rke2"
  chmod +x "${folder}/bin/rke2"
  tar -czf "${BATS_TEST_TMPDIR}/release.tar.gz" -C "$folder" .
  SUM=$(sha256sum <"${BATS_TEST_TMPDIR}/release.tar.gz" | cut -d' ' -f1)
  answer_file rke2.linux- "${BATS_TEST_TMPDIR}/release.tar.gz"
}

@test "the pinned release is installed after comparing its published checksum" {
  answer sha256sum-amd64.txt "0000  rke2-images.txt
${SUM}  rke2.linux-amd64.tar.gz"
  step 50-rke2-install
  ended 0
  called 'https://github.com/rancher/rke2/releases/download/v1.35.7%2Brke2r1/rke2.linux-amd64.tar.gz'
  said 'RKE2 v1.35.7+rke2r1 installed'
  [ -x "${DROVER_ROOT}/usr/local/bin/rke2" ]
  [ -z "$(find "$TMPDIR" -maxdepth 1 -name 'rke2.??????')" ]
}

@test "a second run downloads nothing" {
  export RKE2_SHA256_AMD64=$SUM
  step 50-rke2-install
  : >"$CALLS"
  step 50-rke2-install
  ended 0
  said 'RKE2 v1.35.7+rke2r1 is installed already'
  not_called curl
}

@test "a pinned checksum is the only one that counts, a mirror is asked where one is given" {
  RKE2_SHA256_ARM64=$SUM RKE2_ARTIFACT_URL=https://mirror.example.org/rke2 MACHINE=aarch64 step 50-rke2-install
  ended 0
  called 'https://mirror.example.org/rke2/v1.35.7%2Brke2r1/rke2.linux-arm64.tar.gz'
  not_called sha256sum-arm64.txt
}

@test "another archive is refused before it is unpacked" {
  RKE2_SHA256_AMD64=$(printf '0%.0s' {1..64}) step 50-rke2-install
  ended 1
  said "rke2.linux-amd64.tar.gz' is not '0000"
  [ ! -e "${DROVER_ROOT}/usr/local/bin/rke2" ]
}

@test "a checksum list without the archive is refused" {
  answer sha256sum-amd64.txt '0000  other.tar.gz'
  step 50-rke2-install
  ended 1
  said 'has no line for rke2.linux-amd64.tar.gz'
}

@test "an archive of another version is refused" {
  release v1.34.0+rke2r1
  RKE2_SHA256_AMD64=$SUM step 50-rke2-install
  ended 1
  said "does not bring version 'v1.35.7+rke2r1'"
}

@test "a download that never succeeds ends the step at the deadline" {
  answer rke2.linux- '' 22
  INSTALL_DEADLINE_SEC=20 step 50-rke2-install
  ended 3
  said 'waiting for download of'
}

@test "versions and machines that RKE2 does not have are refused" {
  RKE2_VERSION=latest step 50-rke2-install
  ended 2
  said "'RKE2_VERSION' is 'latest', must be like v1.35.7+rke2r1"
  MACHINE=riscv64 step 50-rke2-install
  ended 1
  said "there is no release for 'riscv64'"
}
