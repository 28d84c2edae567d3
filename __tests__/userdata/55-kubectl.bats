load helper

setup() {
  setup_machine
  export KUBECTL_VERSION=v1.35.4
  stub uname 'echo "${MACHINE:-x86_64}"'
  stub timeout 'shift; "$@"'
  release v1.35.4
}

# release VERSION: a program that says that version
release() {
  PROGRAM=$(printf '#!/usr/bin/env bash\necho "{\\"clientVersion\\": {\\"gitVersion\\": \\"%s\\"}}"\n' "$1")
  answer linux/amd64/kubectl "$PROGRAM"
  answer linux/arm64/kubectl "$PROGRAM"
  SUM=$(printf '%s' "$PROGRAM" | sha256sum | cut -d' ' -f1)
}

@test "the pinned program is installed after comparing its published checksum" {
  answer kubectl.sha256 "$SUM"
  step 55-kubectl
  ended 0
  called 'https://dl.k8s.io/release/v1.35.4/bin/linux/amd64/kubectl'
  said 'kubectl v1.35.4 installed'
  [ "$(mode /usr/local/bin/kubectl)" = 755 ]
}

@test "a second run downloads nothing" {
  export KUBECTL_SHA256_AMD64=$SUM
  step 55-kubectl
  : >"$CALLS"
  step 55-kubectl
  ended 0
  not_called curl
}

@test "a pinned checksum is the only one that counts, a mirror is asked where one is given" {
  KUBECTL_SHA256_ARM64=$SUM KUBECTL_URL=https://mirror.example.org/k8s MACHINE=aarch64 step 55-kubectl
  ended 0
  called 'https://mirror.example.org/k8s/v1.35.4/bin/linux/arm64/kubectl'
  not_called kubectl.sha256
}

@test "another program is refused before it is installed" {
  KUBECTL_SHA256_AMD64=$(printf '0%.0s' {1..64}) step 55-kubectl
  ended 1
  said "kubectl' is not '0000"
  [ ! -e "${DROVER_ROOT}/usr/local/bin/kubectl" ]
}

@test "a program of another version, and a version that is none, are refused" {
  release v1.34.0
  KUBECTL_SHA256_AMD64=$SUM step 55-kubectl
  ended 1
  said "does not bring version 'v1.35.4'"
  KUBECTL_VERSION=stable step 55-kubectl
  ended 2
  said "'KUBECTL_VERSION' is 'stable', must be like v1.35.4"
}

@test "a download that never succeeds ends the step at the deadline" {
  answer linux/amd64/kubectl '' 22
  INSTALL_DEADLINE_SEC=20 step 55-kubectl
  ended 3
}
