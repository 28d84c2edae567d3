package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"
)

// store is where the machines of a site publish, as the machine's own environment names it.
type store interface {
	// write overwrites a secret that Terraform has made; what Terraform knows of it stays, apart from what it reads back.
	write(name, value string) error
	// claim makes the marker that a cluster has been initialised, if it is not there. No state owns it.
	claim(name, value string) error
}

func (s *server) storeOf(machine *record, environment map[string]string) (store, error) {
	switch environment["SECRET_STORE"] {
	case "vault":
		return s.storeOfVault(environment)
	case "keyvault":
		return s.storeOfKeyVault(environment)
	}
	return parameterStore{server: s, region: machine.Scope}, nil
}

func (s *server) storeOfKeyVault(environment map[string]string) (store, error) {
	vaults, err := s.world.all("azurerm_key_vault")
	if err != nil {
		return nil, err
	}
	address := environment["KEY_VAULT_URL"]
	for _, vault := range vaults {
		if vault.Attrs["vault_uri"] == address {
			return vaultStore{server: s, vault: vault}, nil
		}
	}
	return nil, fmt.Errorf("KEY_VAULT_URL: no vault answers at %q", address)
}

// parameterStore is the parameter store of an AWS region.
type parameterStore struct {
	server *server
	region string
}

func (p parameterStore) write(name, value string) error {
	parameter, err := p.server.world.get("aws_ssm_parameter", p.region, name, "")
	if err != nil {
		return err
	}
	if parameter == nil {
		return fmt.Errorf("ParameterNotFound: %s", name)
	}
	if parameter.Live == nil {
		parameter.Live = map[string]any{}
	}
	parameter.Live["version"] = nextVersion(parameter)
	setSecret(parameter, value)
	return p.server.world.put(parameter)
}

func (p parameterStore) claim(name, value string) error {
	return p.server.world.createOnce(&record{
		Type: "aws_ssm_parameter", ID: name, Provider: machineOwner, Scope: p.region,
		Attrs: map[string]any{
			"id": name, "name": name, "type": "String", "value": value, "tier": "Standard", "data_type": "text",
			"version": json.Number("1"), "arn": parameterARN(p.server.rules.Account, p.region, name), "region": p.region,
		},
	})
}

// vaultStore is a Key Vault; a marker is a blob beside it, since a vault knows no write that fails on what is there.
type vaultStore struct {
	server *server
	vault  *record
}

func (v vaultStore) write(name, value string) error {
	w := v.server.world
	secret, err := w.vaultSecret(v.vault.ID, name)
	if err != nil {
		return err
	}
	if secret == nil {
		return fmt.Errorf("SecretNotFound: a secret with the name %q was not found in %s", name, v.vault.ID)
	}
	// Terraform reads back the newest version, and goes on to know the secret by the address that it gave it.
	version := longHash(name + "|" + value + "|" + displayed(secret.Attrs["version"]))[:32]
	secret.Attrs["version"] = version
	secret.Attrs["resource_id"] = v.vault.ID + "/secrets/" + name + "/versions/" + version
	setSecret(secret, value)
	return w.put(secret)
}

func (v vaultStore) claim(address, value string) error {
	parts := strings.SplitN(strings.TrimPrefix(address, "https://"), "/", 3)
	if len(parts) != 3 {
		return fmt.Errorf("CLAIM_INITIALISED (%q) must be the address of a blob", address)
	}
	account, _, _ := strings.Cut(parts[0], ".")
	containers, err := v.server.world.all("azurerm_storage_container")
	if err != nil {
		return err
	}
	for _, container := range containers {
		if container.Attrs["name"] == parts[1] && accountOf(container) == account {
			return v.server.world.createOnce(&record{
				Type: "azurerm_storage_blob", ID: address, Provider: machineOwner, Scope: v.server.scope,
				Attrs: map[string]any{
					"id": address, "url": address, "name": parts[2], "type": "Block", "source_content": value,
					"storage_account_name": account, "storage_container_name": parts[1],
				},
			})
		}
	}
	return fmt.Errorf("ContainerNotFound: the container of %q does not exist", address)
}

// accountOf is the name of the account that a container lies in, however the container names it.
func accountOf(container *record) string {
	return textOf(container.Attrs, "storage_account_name") + path.Base("/"+textOf(container.Attrs, "storage_account_id"))
}

// setSecret changes the value where the object holds it.
func setSecret(r *record, value string) {
	if _, writeOnly := r.Secrets["value_wo"]; writeOnly {
		r.Secrets["value_wo"] = value
	} else {
		r.Attrs["value"] = value
	}
}

// createOnce adds an object unless it is there.
func (w *world) createOnce(r *record) error {
	if err := w.create(r, false); err != nil && !errors.Is(err, errTaken) {
		return err
	}
	return nil
}

func parameterARN(account, region, name string) string {
	return fmt.Sprintf("arn:aws:ssm:%s:%s:parameter/%s", region, account, strings.TrimPrefix(name, "/"))
}

// removeBlobs: what machines wrote into a container goes with it, or with its account.
func removeBlobs(s *server, gone *record) error {
	blobs, err := s.world.all("azurerm_storage_blob")
	if err != nil {
		return err
	}
	for _, blob := range blobs {
		inside := blob.Attrs["storage_account_name"] == gone.Attrs["name"]
		if gone.Type == "azurerm_storage_container" {
			inside = blob.Attrs["storage_container_name"] == gone.Attrs["name"] && blob.Attrs["storage_account_name"] == accountOf(gone)
		}
		if inside && blob.Provider == machineOwner {
			if err := s.world.remove(blob, false); err != nil {
				return err
			}
		}
	}
	return nil
}
