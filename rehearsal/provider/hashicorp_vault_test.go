package main

import (
	"encoding/json"
	"strings"
	"testing"
)

const vaultAddress = "https://vault.example.com:8200"

func vaultIn(t *testing.T, dir string) *server {
	t.Helper()
	return startIn(t, dir, "vault", j{"address": vaultAddress})
}

func kvConfig(name, data string, version int) j {
	return j{
		"mount": "drover", "name": name, "data_json_wo": data, "data_json_wo_version": version,
		"delete_all_versions": true,
	}
}

func (s *server) openedInVault(t *testing.T, name string) (string, string) {
	t.Helper()
	got, problem := s.ephemeral(t, "vault_kv_secret_v2", j{"mount": "drover", "name": name})
	return displayed(jsonAt(got, "data.value")), problem
}

func TestKVSecretIsWrittenWithItsVersionAndReadBackByNobodyButEphemerally(t *testing.T) {
	s := vaultIn(t, t.TempDir())
	config := kvConfig("lab/management/join", `{"value":"first"}`, 1)
	first := s.make(t, "vault_kv_secret_v2", nil, config)
	equal(t, "id", first.id(), "drover/data/lab/management/join")
	equal(t, "path", first.attribute("path"), "drover/data/lab/management/join")
	equal(t, "version", first.attribute("metadata.version"), "1")
	equal(t, "data in the state", first.attribute("data"), j{})
	equal(t, "data_json in the state", first.attribute("data_json"), nil)

	config["data_json_wo"] = `{"value":"never sent"}`
	s.make(t, "vault_kv_secret_v2", first, config)
	value, problem := s.openedInVault(t, "lab/management/join")
	equal(t, "problem", problem, "")
	equal(t, "without a new version number", value, "first")

	config["data_json_wo"], config["data_json_wo_version"] = `{"value":"second"}`, 2
	second := s.make(t, "vault_kv_secret_v2", first, config)
	value, _ = s.openedInVault(t, "lab/management/join")
	equal(t, "value", value, "second")
	equal(t, "version", second.attribute("metadata.version"), "2")

	_, problem = s.openedInVault(t, "lab/management/none")
	equal(t, "problem", problem, `opening ephemeral resource vault_kv_secret_v2: no secret found at "drover/data/lab/management/none"`)
}

func TestKVSecretMovesToAnotherPlaceOnlyByReplacement(t *testing.T) {
	s := vaultIn(t, t.TempDir())
	first := s.make(t, "vault_kv_secret_v2", nil, kvConfig("a", `{}`, 1))
	equal(t, "replaces", s.plan(t, "vault_kv_secret_v2", first, kvConfig("b", `{}`, 1)).replaces(), []string{"name"})
}

func TestKVSecretIsWrittenOverWhatIsThereUnlessItAsksForAVersion(t *testing.T) {
	s := vaultIn(t, t.TempDir())
	s.make(t, "vault_kv_secret_v2", nil, kvConfig("a", `{"value":"mine"}`, 1))
	config := kvConfig("a", `{"value":"yours"}`, 1)
	over := s.make(t, "vault_kv_secret_v2", nil, config)
	equal(t, "version", over.attribute("metadata.version"), "2")
	config["cas"] = 0
	s.refused(t, "vault_kv_secret_v2", config, "check-and-set parameter did not match the current version", "version 2")
}

func TestKVSecretWhoseVersionsAreNotAllDeletedStaysListed(t *testing.T) {
	s := vaultIn(t, t.TempDir())
	list := func() (any, string) {
		got, problem := s.data(t, "vault_kv_secrets_list_v2", j{"mount": "drover", "name": "hosts/lab"})
		return got["names"], problem
	}
	if _, problem := list(); !strings.Contains(problem, `no secrets found at "drover/metadata/hosts/lab"`) {
		t.Errorf("an empty place: %q", problem)
	}
	s.make(t, "vault_kv_secret_v2", nil, kvConfig("hosts/lab/plant/kv-07", `{}`, 1))
	whole := s.make(t, "vault_kv_secret_v2", nil, kvConfig("hosts/lab/kv-02", `{}`, 1))
	config := kvConfig("hosts/lab/kv-01", `{}`, 1)
	config["delete_all_versions"] = false
	half := s.make(t, "vault_kv_secret_v2", nil, config)
	names, problem := list()
	equal(t, "problem", problem, "")
	equal(t, "names", names, []any{"kv-01", "kv-02", "plant/"})

	equal(t, "delete", s.destroy(t, whole)+s.destroy(t, half), "")
	names, _ = list()
	equal(t, "names", names, []any{"kv-01", "plant/"})
	config["cas"] = 0
	s.refused(t, "vault_kv_secret_v2", config, "check-and-set")
	delete(config, "cas")
	again := s.make(t, "vault_kv_secret_v2", nil, config)
	equal(t, "version", again.attribute("metadata.version"), "2")
}

func (s *server) role(t *testing.T) *resource {
	t.Helper()
	s.make(t, "vault_policy", nil, j{"name": "lab-kv-01", "policy": "path {}"})
	return s.make(t, "vault_approle_auth_backend_role", nil, j{"role_name": "lab-kv-01", "token_policies": []any{"lab-kv-01"}})
}

func TestRoleHasAnIdentifierThatIsNoSecretAndItsPoliciesMustExist(t *testing.T) {
	s := vaultIn(t, t.TempDir())
	s.refused(t, "vault_approle_auth_backend_role", j{"role_name": "r", "token_policies": []any{"none"}}, `names the vault_policy "none"`)
	role := s.role(t)
	equal(t, "id", role.id(), "auth/approle/role/lab-kv-01")
	equal(t, "length", len(displayed(role.attribute("role_id"))), 36)
	other := s.make(t, "vault_approle_auth_backend_role", nil, j{"role_name": "lab-kv-02", "backend": "metal"})
	equal(t, "id", other.id(), "auth/metal/role/lab-kv-02")
	if other.attribute("role_id") == role.attribute("role_id") {
		t.Error("two roles have one identifier")
	}
}

func TestSecretIDThatIsWrappedIsInNoState(t *testing.T) {
	s := vaultIn(t, t.TempDir())
	s.role(t)
	plain := s.make(t, "vault_approle_auth_backend_role_secret_id", nil, j{"role_name": "lab-kv-01"})
	equal(t, "length", len(displayed(plain.attribute("secret_id"))), 36)
	wrapped := s.make(t, "vault_approle_auth_backend_role_secret_id", nil, j{"role_name": "lab-kv-01", "wrapping_ttl": "300s", "with_wrapped_accessor": true})
	equal(t, "secret", wrapped.attribute("secret_id"), nil)
	if token := displayed(wrapped.attribute("wrapping_token")); !strings.HasPrefix(token, "hvs.") {
		t.Errorf("token %q", token)
	}
	s.refused(t, "vault_approle_auth_backend_role_secret_id", j{"role_name": "none"}, "does not exist")
}

func TestMachinePublishesIntoVaultByItsRole(t *testing.T) {
	s := vaultIn(t, t.TempDir())
	role := displayed(s.role(t).attribute("role_id"))
	pending := kvConfig("lab/management/deployer", `{"value":"pending"}`, 1)
	secret := s.make(t, "vault_kv_secret_v2", nil, pending)
	environment := map[string]string{
		"SECRET_STORE": "vault", "VAULT_ADDR": vaultAddress + "/", "VAULT_ROLE_ID": role, "INITIALISER": "true",
		"REGISTRATION_ADDRESS": "api.management.lab.example.com", "PUBLISH_DEPLOYER": "drover/lab/management/deployer#value",
		"CLAIM_INITIALISED": "drover/lab/management/cluster-initialised",
	}
	must(t, s.publish(nil, environment))
	value, _ := s.openedInVault(t, "lab/management/deployer")
	var published credential
	must(t, json.Unmarshal([]byte(value), &published))
	equal(t, "host", published.Host, "https://api.management.lab.example.com:6443")
	found, err := s.deployerAt(published.Host)
	must(t, err)
	equal(t, "parameter", found.parameter, "drover/data/lab/management/deployer")

	equal(t, "version", s.refresh(t, secret).attribute("metadata.version"), "2")
	marker := kvConfig("lab/management/cluster-initialised", `{"value":"initialised"}`, 1)
	adopted := s.make(t, "vault_kv_secret_v2", nil, marker)
	equal(t, "version of the marker", adopted.attribute("metadata.version"), "2")
	equal(t, "delete", s.destroy(t, adopted), "")
	equal(t, "secrets", len(s.objects(t, "vault_kv_secret_v2")), 1)

	environment["VAULT_ROLE_ID"] = "of nobody"
	equal(t, "another role", s.publish(nil, environment), `no login at "https://vault.example.com:8200/" with role "of nobody": invalid role or secret ID`)
}
