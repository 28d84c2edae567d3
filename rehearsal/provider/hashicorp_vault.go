package main

import (
	"encoding/json"
	"fmt"
	"sort"
	"strconv"
	"strings"
)

// HashiCorp Vault: policies, roles for machines, and secrets of the key-value engine, version 2.

// vaultTime is when everything in the simulated Vault was made.
const vaultTime = "2025-01-01T00:00:00.000000000Z"

// secretPath is where the key-value engine keeps a secret's data, which is also its identifier.
func secretPath(mount, name string) string {
	return strings.Trim(mount, "/") + "/data/" + strings.Trim(name, "/")
}

// deriveKVSecret gives a secret its next version. What is written write-only is not read back.
func deriveKVSecret(m *making) error {
	current, err := m.currentVersion()
	if err != nil {
		return err
	}
	if err := m.refuseOtherVersion(current); err != nil {
		return err
	}
	data, err := dataOf(displayed(m.arguments["data_json"]))
	if err != nil {
		return err
	}
	m.chosen["data"], m.chosen["metadata"] = readBack(data), versionMetadata(current+1)
	return nil
}

// currentVersion is that of the secret that the write goes to, counted on where only its data was deleted.
func (m *making) currentVersion() (int, error) {
	if m.before != nil {
		return versionOf(m.before), nil
	}
	wanted := &record{Type: m.change.kind, ID: m.id(), Scope: m.server.scope}
	found, err := m.server.world.get(wanted.Type, wanted.Scope, wanted.ID, "")
	if err == nil && found == nil {
		found, err = m.server.world.kept(wanted)
	}
	if err != nil || found == nil {
		return 0, err
	}
	return versionOf(found), nil
}

func (m *making) refuseOtherVersion(current int) error {
	wanted, isSet := m.arguments["cas"]
	if !isSet || wanted == nil || wholeNumber(wanted, 0) == current {
		return nil
	}
	return fmt.Errorf("check-and-set parameter did not match the current version: cas is %v, the secret has version %d", wanted, current)
}

func versionOf(r *record) int {
	metadata, _ := r.Attrs["metadata"].(map[string]any)
	version, _ := strconv.Atoi(displayed(metadata["version"]))
	return version
}

// versionMetadata is what the provider reads of a version: texts only, everything else as JSON.
func versionMetadata(version int) map[string]any {
	return map[string]any{
		"created_time": vaultTime, "custom_metadata": "null", "deletion_time": "", "destroyed": "false",
		"version": strconv.Itoa(version),
	}
}

// dataOf is a secret's data; none for no text.
func dataOf(text string) (map[string]any, error) {
	out := map[string]any{}
	if text == "" {
		return out, nil
	}
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		return nil, fmt.Errorf("data_json: syntax error: %w", err)
	}
	return out, nil
}

// readBack is data as the provider shows it: a map of texts.
func readBack(data map[string]any) map[string]any {
	out := map[string]any{}
	for key, value := range data {
		if text, ok := value.(string); ok {
			out[key] = text
			continue
		}
		raw, _ := json.Marshal(value)
		out[key] = string(raw)
	}
	return out
}

// kvData is what Vault answers for a secret, whoever wrote it.
func kvData(r *record) (map[string]any, error) {
	if text, ok := r.Secrets["data_json_wo"].(string); ok {
		return dataOf(text)
	}
	return dataOf(textOf(r.Attrs, "data_json"))
}

// endKVSecret: a delete takes away the newest version alone; the secret's name and versions stay until all are deleted.
// https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2#delete-latest-version-of-secret
func endKVSecret(s *server, secret *record) error {
	if all, _ := secret.Attrs["delete_all_versions"].(bool); all {
		return nil
	}
	secret.Secrets = nil
	return s.world.keep(secret)
}

// deriveSecretID makes the secret that proves a role, or, where it is wrapped, the token that brings it once.
// https://github.com/hashicorp/terraform-provider-vault/blob/v5.6.0/vault/resource_approle_auth_backend_role_secret_id.go
func deriveSecretID(m *making) error {
	accessor := m.expand("{uuid}", "id") // as in its identifier
	if displayed(m.arguments["wrapping_ttl"]) == "" {
		m.chosen["accessor"], m.chosen["wrapping_accessor"], m.chosen["wrapping_token"] = accessor, nil, nil
		m.choose("secret_id", m.expand("{uuid}", "secret id"))
		return nil
	}
	m.chosen["accessor"], m.chosen["secret_id"], m.chosen["wrapping_accessor"] = nil, nil, accessor
	if ofSecret, _ := m.arguments["with_wrapped_accessor"].(bool); ofSecret {
		m.chosen["accessor"] = accessor
	}
	m.choose("wrapping_token", "hvs."+m.expand("{h90}", "wrapping token"))
	return nil
}

// findSecret finds a secret in this provider's Vault.
func (s *server) findSecret(mount, name any) (*record, error) {
	path := secretPath(displayed(mount), displayed(name))
	return s.world.get("vault_kv_secret_v2", s.scope, path, "")
}

func readKVSecret(r *reading) error {
	path := secretPath(displayed(r.config["mount"]), displayed(r.config["name"]))
	secret, err := r.server.findSecret(r.config["mount"], r.config["name"])
	if err != nil {
		return err
	}
	wanted := displayed(r.config["version"])
	if secret == nil || wanted != "" && wanted != "0" && wanted != strconv.Itoa(versionOf(secret)) {
		return fmt.Errorf("no secret found at %q", path)
	}
	data, err := kvData(secret)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(data)
	if err != nil {
		return err
	}
	r.chosen["id"], r.chosen["path"] = path, path
	r.chosen["data"], r.chosen["data_json"] = readBack(data), string(raw)
	r.chosen["created_time"], r.chosen["deletion_time"], r.chosen["destroyed"] = vaultTime, "", false
	r.chosen["custom_metadata"] = map[string]any{}
	return nil
}

// listKVSecrets lists the names directly below a place; one that goes on below ends in "/". The provider fails where
// there is none. A secret whose versions are not all deleted is listed, also when its newest one is.
// https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2#list-secrets
func listKVSecrets(r *reading) error {
	mount, place := strings.Trim(displayed(r.config["mount"]), "/"), strings.Trim(displayed(r.config["name"]), "/")
	live, err := r.server.world.all("vault_kv_secret_v2")
	if err != nil {
		return err
	}
	kept, err := r.server.world.allKept("vault_kv_secret_v2")
	if err != nil {
		return err
	}
	prefix := mount + "/data/"
	if place != "" {
		prefix += place + "/"
	}
	found := map[string]bool{}
	for _, secret := range append(live, kept...) {
		if rest, below := strings.CutPrefix(secret.ID, prefix); below && secret.Scope == r.scope {
			first, _, deeper := strings.Cut(rest, "/")
			if deeper {
				first += "/"
			}
			found[first] = true
		}
	}
	path := mount + "/metadata/" + place
	if len(found) == 0 {
		return fmt.Errorf("no secrets found at %q", path)
	}
	names := make([]any, 0, len(found))
	for name := range found {
		names = append(names, name)
	}
	sort.Slice(names, func(i, j int) bool { return displayed(names[i]) < displayed(names[j]) })
	r.chosen["id"], r.chosen["path"], r.chosen["names"] = path, path, names
	return nil
}
