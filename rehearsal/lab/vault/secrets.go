package vault

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"drover/rehearsal/lab/world"
)

// kvKind is a secret of the key-value engine, version 2. Its identifier is mount/data/path.
const kvKind = "vault_kv_secret_v2"

const madeAt = "2025-01-01T00:00:00.000000000Z"

// secret does what is asked of a secret: a read, or a write under its condition.
func (v *Vault) secret(address, from, name, method, path string, body []byte) (any, error) {
	v.changing.Lock()
	defer v.changing.Unlock()
	now, err := v.find(v.World, address, path)
	if err != nil {
		return nil, err
	}
	if method == http.MethodGet {
		if _, err := v.authorize(address, from, name, path, "read"); err != nil {
			return nil, err
		}
		return read(now)
	}
	kept, err := v.find(v.World.Deleted(), address, path)
	if err != nil {
		return nil, err
	}
	capability := "update"
	if now == nil && kept == nil {
		capability = "create"
	}
	role, err := v.authorize(address, from, name, path, capability)
	if err != nil {
		return nil, err
	}
	var asked struct {
		Data    map[string]any `json:"data"`
		Options struct {
			CAS *int `json:"cas"`
		} `json:"options"`
	}
	if err := json.Unmarshal(body, &asked); err != nil {
		return nil, &refusal{http.StatusBadRequest, "error parsing JSON"}
	}
	version := max(versionOf(now), versionOf(kept))
	if asked.Options.CAS != nil && *asked.Options.CAS != version {
		return nil, errCheck
	}
	if err := v.put(now, role.Scope, path, asked.Data, version+1); err != nil {
		return nil, err
	}
	return map[string]any{"data": metadata(version + 1)}, nil
}

func (v *Vault) put(now *world.Object, scope, path string, data map[string]any, version int) error {
	raw, err := json.Marshal(data)
	if err != nil {
		return err
	}
	texts := map[string]any{
		"created_time": madeAt, "custom_metadata": "null", "deletion_time": "", "destroyed": "false", "version": strconv.Itoa(version),
	}
	if now == nil {
		mount, name, _ := strings.Cut(path, "/data/")
		err := v.World.Create(&world.Object{Type: kvKind, ID: path, Scope: scope, Attrs: map[string]any{
			"id": path, "path": path, "mount": mount, "name": name, "data_json": string(raw), "data": data, "metadata": texts,
		}})
		if errors.Is(err, world.ErrExists) {
			return errCheck
		}
		return err
	}
	if _, isWriteOnly := now.Secrets["data_json_wo"]; isWriteOnly {
		now.Secrets["data_json_wo"] = string(raw)
	} else {
		now.Attrs["data_json"], now.Attrs["data"] = string(raw), data
	}
	now.Attrs["metadata"] = texts // Terraform reads the version back, and has no argument that would put it right
	return v.World.Put(now)
}

func read(secret *world.Object) (any, error) {
	if secret == nil {
		return nil, errMissing
	}
	text, isWriteOnly := secret.Secrets["data_json_wo"].(string)
	if !isWriteOnly {
		text = world.Text(secret, "data_json")
	}
	data := map[string]any{}
	if err := json.Unmarshal([]byte(text), &data); err != nil {
		return nil, err
	}
	return map[string]any{"data": map[string]any{"data": data, "metadata": metadata(versionOf(secret))}}, nil
}

func metadata(version int) map[string]any {
	return map[string]any{"created_time": madeAt, "custom_metadata": nil, "deletion_time": "", "destroyed": false, "version": version}
}

func versionOf(secret *world.Object) int {
	version, _ := strconv.Atoi(world.Text(secret, "metadata.version"))
	return version
}

func (v *Vault) find(w *world.World, address, path string) (*world.Object, error) {
	all, err := w.List(kvKind)
	if err != nil {
		return nil, err
	}
	for _, one := range all {
		if one.ID == path && sameAddress(one.Scope, address) {
			return one, nil
		}
	}
	return nil, nil
}
