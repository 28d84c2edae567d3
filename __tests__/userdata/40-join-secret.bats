load helper

setup() {
  setup_machine
  answers_of_identity
  export JOIN_SECRET_PARAMETER=/drover/join
}

@test "the secret is kept in memory, for root alone, and stands in no argument" {
  parameter /drover/join hush
  step 40-join-secret
  ended 0
  [ "$(content /run/drover/join-token)" = hush ]
  [ "$(mode /run/drover/join-token)" = 600 ]
  not_called hush
  [[ $output != *hush* ]]
}

@test "a secret that never comes ends the step at the deadline" {
  parameter /drover/join pending
  SECRET_DEADLINE_SEC=10 step 40-join-secret
  ended 3
  [ ! -e "${DROVER_ROOT}/run/drover/join-token" ]
}

@test "the secret comes from whichever store the environment has" {
  place /etc/drover/secrets/join hush
  chmod 600 "${DROVER_ROOT}/etc/drover/secrets/join"
  SECRET_STORE=file JOIN_SECRET_PARAMETER=join step 40-join-secret
  ended 0
  [ "$(content /run/drover/join-token)" = hush ]
  not_called curl
}

@test "the parameter's name is required" {
  JOIN_SECRET_PARAMETER='' step 40-join-secret
  ended 2
  said "'JOIN_SECRET_PARAMETER'"
}
