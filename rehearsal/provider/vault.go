package main

import (
	"fmt"
	"sort"
	"strings"
)

func deriveVault(m *making) error {
	return m.refuseKept(m.id(), "recover_soft_deleted_key_vaults", "Key Vault")
}

// deriveVaultSecret gives a secret the addresses of its vault and a version of its own.
func deriveVaultSecret(m *making) error {
	vaultID := displayed(m.arguments["key_vault_id"])
	vault, err := m.object("azurerm_key_vault", vaultID)
	if err != nil || vault == nil {
		return err
	}
	if err := m.refuseKept(vaultID+"/secrets/"+m.name(), "recover_soft_deleted_secrets", "secret"); err != nil {
		return err
	}
	if err := m.refuseTakenName(vaultID); err != nil {
		return err
	}
	m.chooseVersion(vault, m.hash("version")[:32])
	return nil
}

// refuseTakenName: a secret's identifier is another one with every version, so it does not show that the name is taken.
func (m *making) refuseTakenName(vaultID string) error {
	if m.before != nil {
		return nil
	}
	taken, err := m.server.world.vaultSecret(vaultID, m.name())
	if err != nil || taken == nil {
		return err
	}
	return fmt.Errorf("AlreadyExists: a resource with the ID %q already exists - to be managed via Terraform this resource needs to be imported into the State", taken.ID)
}

func (m *making) chooseVersion(vault *record, version string) {
	address := textOf(vault.Attrs, "vault_uri") + "secrets/" + m.name()
	resource := vault.ID + "/secrets/" + m.name()
	m.choose("id", address+"/"+version)
	m.choose("version", version)
	m.choose("versionless_id", address)
	m.choose("resource_id", resource+"/versions/"+version)
	m.choose("resource_versionless_id", resource)
}

// secretsOf lists the secrets of a vault by name.
func (w *world) secretsOf(vaultID string) ([]*record, error) {
	all, err := w.all("azurerm_key_vault_secret")
	if err != nil {
		return nil, err
	}
	var out []*record
	for _, secret := range all {
		if secret.Attrs["key_vault_id"] == vaultID {
			out = append(out, secret)
		}
	}
	sort.Slice(out, func(i, j int) bool { return textOf(out[i].Attrs, "name") < textOf(out[j].Attrs, "name") })
	return out, nil
}

// vaultSecret finds a secret by its name; nil if the vault has none.
func (w *world) vaultSecret(vaultID, name string) (*record, error) {
	secrets, err := w.secretsOf(vaultID)
	for _, secret := range secrets {
		if secret.Attrs["name"] == name {
			return secret, err
		}
	}
	return nil, err
}

func openVaultSecret(r *reading) error {
	name, vaultID := displayed(r.config["name"]), displayed(r.config["key_vault_id"])
	vault, err := r.server.world.one("azurerm_key_vault", vaultID)
	if err != nil {
		return err
	}
	if vault == nil {
		return fmt.Errorf("retrieving base uri for Key Vault %q: it was not found", vaultID)
	}
	secret, err := r.server.world.vaultSecret(vaultID, name)
	if err != nil {
		return err
	}
	wanted := displayed(r.config["version"])
	if secret == nil || wanted != "" && wanted != secret.Attrs["version"] {
		return fmt.Errorf("Secret %q %sdoes not exist in Key Vault %q", name, versionText(wanted), vaultID) //nolint:staticcheck // the provider's own words
	}
	r.chosen["value"], r.chosen["version"] = parameterValue(secret), secret.Attrs["version"]
	r.chosen["expiration_date"], r.chosen["not_before_date"] = secret.Attrs["expiration_date"], secret.Attrs["not_before_date"]
	return nil
}

func versionText(version string) string {
	if version == "" {
		return ""
	}
	return fmt.Sprintf("(version %q) ", version)
}

// readVaultSecrets lists names. Deleted secrets are not among them, whether they can be brought back or not.
func readVaultSecrets(r *reading) error {
	vaultID := displayed(r.config["key_vault_id"])
	vault, err := r.server.world.one("azurerm_key_vault", vaultID)
	if err != nil {
		return err
	}
	if vault == nil {
		return fmt.Errorf("retrieving base uri for Key Vault %q: it was not found", vaultID)
	}
	found, err := r.server.world.secretsOf(vaultID)
	if err != nil {
		return err
	}
	names, secrets := []any{}, []any{}
	for _, secret := range found {
		names = append(names, secret.Attrs["name"])
		secrets = append(secrets, map[string]any{
			"enabled": true, "id": strings.TrimSuffix(secret.ID, "/"+displayed(secret.Attrs["version"])),
			"name": secret.Attrs["name"], "tags": secret.Attrs["tags"],
		})
	}
	r.chosen["id"], r.chosen["names"], r.chosen["secrets"] = vaultID, names, secrets
	return nil
}
