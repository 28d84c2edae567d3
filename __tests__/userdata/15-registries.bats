load helper

FILE=/etc/rancher/rke2/registries.yaml

setup() {
  setup_machine
  answers_of_identity
}

@test "mirrors are written in the order in which they are tried" {
  REGISTRY_MIRRORS='docker.io=https://one.example.org,https://two.example.org:5000 *=https://all.example.org' step 15-registries
  ended 0
  [ "$(content "$FILE")" = 'mirrors:
  "docker.io":
    endpoint:
      - "https://one.example.org"
      - "https://two.example.org:5000"
  "*":
    endpoint:
      - "https://all.example.org"' ]
  [ "$(mode "$FILE")" = 600 ]
}

@test "credentials and CA come from the secret store, and stand in no argument and no log" {
  parameter /drover/registry '{\"username\": \"puller\", \"password\": \"hush\\\"1\", \"ca\": \"CERT\"}'
  REGISTRY_SECRETS='one.example.org:5000=/drover/registry' step 15-registries
  ended 0
  [ "$(content "$FILE")" = 'configs:
  "one.example.org:5000":
    auth:
      username: "puller"
      password: "hush\"1"
    tls:
      ca_file: "/etc/rancher/rke2/registry-one.example.org-5000.pem"' ]
  [ "$(content /etc/rancher/rke2/registry-one.example.org-5000.pem)" = CERT ]
  not_called hush
  [[ $output != *hush* ]]
}

@test "a registry with a CA alone needs no login" {
  parameter /drover/registry '{\"ca\": \"CERT\"}'
  REGISTRY_SECRETS='one.example.org=/drover/registry' step 15-registries
  ended 0
  [[ $(content "$FILE") != *auth* ]]
  [[ $(content "$FILE") == *ca_file* ]]
}

@test "a secret that never comes ends the step and leaves the file as it was" {
  place "$FILE" old
  parameter /drover/registry pending
  SECRET_DEADLINE_SEC=10 REGISTRY_SECRETS='one.example.org=/drover/registry' step 15-registries
  ended 3
  [ "$(content "$FILE")" = old ]
}

@test "a pair that is none, and a step with nothing to do, are refused" {
  REGISTRY_MIRRORS='docker.io' step 15-registries
  ended 2
  said "'REGISTRY_MIRRORS' holds 'docker.io', must be like docker.io=https://mirror.example.org"
  step 15-registries
  ended 2
  said 'no registry to speak of'
}
