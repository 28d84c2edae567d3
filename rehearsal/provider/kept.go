package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// What is kept after a delete, so that it can be brought back: Azure's vaults and their secrets, and the versions of a
// secret in HashiCorp Vault. No state owns it and it is no object of the world, but its name stays taken.
// https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview
const keptFolder = ".deleted"

func (w *world) keptPath(r *record) string {
	return filepath.Join(w.root, keptFolder, r.Type, fileStem(r.key())+"~"+shortHash(r.Scope+"|"+r.key())+".json")
}

func (w *world) keep(r *record) error {
	return w.writeTo(w.keptPath(r), r, os.Rename)
}

// isKept says that an object of this type, scope and key was deleted and can be brought back.
func (w *world) isKept(r *record) (bool, error) {
	_, err := os.Stat(w.keptPath(r))
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// kept is what is kept of a deleted object; nil if nothing is.
func (w *world) kept(r *record) (*record, error) {
	out, err := readRecord(w.keptPath(r))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	return out, err
}

// allKept lists what is kept of a type.
func (w *world) allKept(kind string) ([]*record, error) {
	return w.matching(filepath.Join(w.root, keptFolder, kind, "*.json"))
}

func (w *world) forgetKept(r *record) error {
	err := os.Remove(w.keptPath(r))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	_ = os.Remove(filepath.Dir(w.keptPath(r))) // succeeds only when it was the last of its type
	return err
}

// feature is one switch of the provider's `features` block; what is not said there has the provider's default, true.
// https://registry.terraform.io/providers/hashicorp/azurerm/4.55.0/docs/guides/features-block
func (s *server) feature(block, name string) bool {
	value, isSet := jsonAt(s.features, block+".0."+name).(bool)
	return value || !isSet
}

// keepsVault says that a vault can be brought back after its delete: always, unless the provider purges it at once,
// which Azure forbids where the vault is protected against it.
func (s *server) keepsVault(vault *record) bool {
	protected, _ := vault.Attrs["purge_protection_enabled"].(bool)
	return protected || !s.feature("key_vault", "purge_soft_delete_on_destroy")
}

func keepVault(s *server, vault *record) error {
	if s.keepsVault(vault) {
		return s.world.keep(vault)
	}
	return nil
}

func keepSecret(s *server, secret *record) error {
	vault, err := s.world.one("azurerm_key_vault", textOf(secret.Attrs, "key_vault_id"))
	if err != nil {
		return err
	}
	protected := false
	if vault != nil {
		protected, _ = vault.Attrs["purge_protection_enabled"].(bool)
	}
	if protected || !s.feature("key_vault", "purge_soft_deleted_secrets_on_destroy") {
		return s.world.keep(secret)
	}
	return nil
}

// refuseKept refuses to make what is only deleted softly, where the provider may not bring it back.
func (m *making) refuseKept(key, switchName, what string) error {
	if m.before != nil || m.server.feature("key_vault", switchName) {
		return nil
	}
	wanted := &record{Type: m.change.kind, ID: key, Scope: m.server.scope}
	kept, err := m.server.world.isKept(wanted)
	if err != nil || !kept {
		return err
	}
	return fmt.Errorf("an existing soft-deleted %s exists with the name %q, however automatically recovering it has been disabled via the \"features\" block (%s)", what, m.name(), switchName)
}

// recoverKept: what is made anew under the name of a deleted object is that object, brought back.
func recoverKept(s *server, r *record) error {
	return s.world.forgetKept(r)
}
