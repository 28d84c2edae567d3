load helper

BLOB=https://acct.blob.core.windows.net/c/name

setup() {
  setup_machine
  # shellcheck source=../../userdata/lib.sh
  . "$BOOTSTRAP_LIB"
  # shellcheck source=../../userdata/lib/azure.sh
  . "${LIB_DIR}/azure.sh"
  set +o nounset +o pipefail
  answers_of_azure
}

put_new() { printf 'data-raw = "v"\n' | blob_put_new "$BLOB" "$@"; }

@test "metadata is one text of the machine's own, asked past any proxy" {
  run azure_metadata compute/name
  [ "$output" = drover-shop-workers_3 ]
  called "--noproxy * --header Metadata: true http://169.254.169.254/metadata/instance/compute/name?api-version=2021-02-01&format=text"
}

@test "a blob is read by the managed identity, and no token stands in an argument" {
  answer "$BLOB" hush
  run blob_get "$BLOB"
  ended 0
  [ "$output" = hush ]
  called 'resource=https%3A%2F%2Fstorage.azure.com%2F&client_id=client-1'
  requested 'header = "Authorization: Bearer azure-token"'
  requested 'header = "x-ms-version: 2021-12-02"'
  not_called azure-token
}

@test "a blob is overwritten as one block blob" {
  answer "$BLOB" ''
  run blob_put "$BLOB" <<<'data-raw = "v"'
  ended 0
  requested 'request = "PUT"
header = "x-ms-blob-type: BlockBlob"
data-raw = "v"'
  not_requested If-None-Match
}

@test "a create-only write tells a blob that exists from a failure" {
  answer "$BLOB" ''
  run put_new
  ended 0
  requested 'header = "If-None-Match: *"'
  for code in BlobAlreadyExists ConditionNotMet; do
    answer "$BLOB" "<?xml version=\"1.0\"?><Error><Code>${code}</Code></Error>" 22
    run put_new
    ended 4
  done
  # also 409, and nobody has made the blob
  answer "$BLOB" '<Error><Code>ContainerBeingDeleted</Code></Error>' 22
  run put_new
  ended 1
  said "could not create blob '${BLOB}': <Error><Code>ContainerBeingDeleted</Code></Error>"
  answer "$BLOB" '' 28
  run put_new
  ended 1
  said "could not create blob '${BLOB}': no answer"
}

@test "a write takes as long as it says, else 15 s" {
  answer "$BLOB" ''
  put_new 1800
  called "--max-time 1800 --config - ${BLOB}"
  put_new
  called "--max-time 15 --config - ${BLOB}"
}

@test "whether there is a blob is asked without fetching it" {
  run blob_exists "$BLOB"
  ended 22
  answer "$BLOB" ''
  run blob_exists "$BLOB"
  ended 0
  requested 'header = "x-ms-version: 2021-12-02"
head'
}

@test "a machine without that identity sends nothing to the store" {
  answer metadata/identity/oauth2/token '{"error": "invalid_request"}' 22
  run blob_get "$BLOB"
  ended 1
  said "this machine's identity gives no token for 'https://storage.azure.com/'"
  run put_new
  ended 1
  not_called "$BLOB"
}
