package main

import (
	"encoding/json"
	"fmt"
	"strings"
)

// kvStore is HashiCorp Vault as a machine reaches it.
type kvStore struct {
	server *server
	// address of Vault, inside which paths are unique.
	address string
	// mount of the engine where names do not begin with one of a single part.
	mount string
}

// storeOfVault is the Vault that a machine's environment names; it answers only to a role that exists.
func (s *server) storeOfVault(environment map[string]string) (store, error) {
	address, role := environment["VAULT_ADDR"], environment["VAULT_ROLE_ID"]
	roles, err := s.world.all("vault_approle_auth_backend_role")
	if err != nil {
		return nil, err
	}
	for _, known := range roles {
		if sameAddress(known.Scope, address) && known.Attrs["role_id"] == role && role != "" {
			return kvStore{server: s, address: known.Scope, mount: environment["VAULT_MOUNT"]}, nil
		}
	}
	return nil, fmt.Errorf("no login at %q with role %q: invalid role or secret ID", address, role)
}

func sameAddress(a, b string) bool { return strings.TrimSuffix(a, "/") == strings.TrimSuffix(b, "/") }

// place reads mount/path#key, as userdata/lib/vault.sh does; without a key the value stands under "value".
func (v kvStore) place(name string) (path, key string, err error) {
	place, key, hasKey := strings.Cut(name, "#")
	mount := v.mount
	if mount == "" {
		mount, _, _ = strings.Cut(place, "/")
	}
	rest, inside := strings.CutPrefix(place, mount+"/")
	if !inside || mount == "" || rest == "" {
		return "", "", fmt.Errorf("%q is not a secret in Vault: must be like mount/path#key", name)
	}
	if !hasKey {
		key = "value"
	}
	return secretPath(mount, rest), key, nil
}

func (v kvStore) write(name, value string) error {
	path, key, err := v.place(name)
	if err != nil {
		return err
	}
	secret, err := v.server.world.get("vault_kv_secret_v2", v.address, path, "")
	if err != nil {
		return err
	}
	if secret == nil {
		return fmt.Errorf("there is no secret at %q", path)
	}
	raw, err := json.Marshal(map[string]any{key: value})
	if err != nil {
		return err
	}
	if _, writeOnly := secret.Secrets["data_json_wo"]; writeOnly {
		secret.Secrets["data_json_wo"] = string(raw)
	} else {
		secret.Attrs["data_json"], secret.Attrs["data"] = string(raw), map[string]any{key: value}
	}
	// Terraform reads the version back, and has no argument that would put it right.
	secret.Attrs["metadata"] = versionMetadata(versionOf(secret) + 1)
	return v.server.world.put(secret)
}

func (v kvStore) claim(name, value string) error {
	path, key, err := v.place(name)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(map[string]any{key: value})
	if err != nil {
		return err
	}
	mount, rest, _ := strings.Cut(path, "/data/")
	marker := &record{
		Type: "vault_kv_secret_v2", ID: path, Provider: machineOwner, Scope: v.address,
		Attrs: map[string]any{
			"id": path, "path": path, "mount": mount, "name": rest, "data_json": string(raw),
			"data": map[string]any{key: value}, "metadata": versionMetadata(1),
		},
	}
	if kept, err := v.server.world.isKept(marker); err != nil || kept {
		return err // a version that was deleted counts as well: check-and-set 0 finds it, and the server joins
	}
	return v.server.world.createOnce(marker)
}
