package main

import (
	"encoding/json"
	"strings"
	"testing"
)

const vaultName = "drover-staging-weu"

func vaultConfig(more j) j {
	config := in(vaultName, j{
		"sku_name": "standard", "tenant_id": "00000000-1111-4222-a333-444444444444", "rbac_authorization_enabled": true,
		"purge_protection_enabled": true, "soft_delete_retention_days": 90,
	})
	for key, value := range more {
		config[key] = value
	}
	return config
}

func (s *server) azureVault(t *testing.T) *resource {
	t.Helper()
	s.azureGroup(t)
	return s.make(t, "azurerm_key_vault", nil, vaultConfig(nil))
}

func secretIn(vault *resource, name string, value any) j {
	return j{"key_vault_id": vault.id(), "name": name, "value_wo": value, "value_wo_version": 1}
}

func (s *server) opened(t *testing.T, vault *resource, name string) any {
	t.Helper()
	got, problem := s.ephemeral(t, "azurerm_key_vault_secret", j{"key_vault_id": vault.id(), "name": name})
	equal(t, "problem", problem, "")
	return got["value"]
}

func TestVaultSecretKeepsItsVersionlessAddressAndGetsAVersionWithEveryValue(t *testing.T) {
	s := azure(t)
	vault := s.azureVault(t)
	equal(t, "address", vault.attribute("vault_uri"), "https://drover-staging-weu.vault.azure.net/")
	config := secretIn(vault, "token", "first")
	first := s.make(t, "azurerm_key_vault_secret", nil, config)
	version := displayed(first.attribute("version"))
	equal(t, "id", first.id(), "https://drover-staging-weu.vault.azure.net/secrets/token/"+version)
	equal(t, "without version", first.attribute("resource_versionless_id"), vault.id()+"/secrets/token")
	equal(t, "value in the state", first.attribute("value"), nil)

	config["value_wo"] = "never sent"
	s.make(t, "azurerm_key_vault_secret", first, config)
	equal(t, "without a new version number", s.opened(t, vault, "token"), "first")

	config["value_wo"], config["value_wo_version"] = "second", 2
	p := s.plan(t, "azurerm_key_vault_secret", first, config)
	equal(t, "the plan marks", strings.Join(differing(first.state, p.state), " "), "value_wo_version")
	second := s.make(t, "azurerm_key_vault_secret", first, config)
	equal(t, "value", s.opened(t, vault, "token"), "second")
	equal(t, "without version", second.attribute("resource_versionless_id"), first.attribute("resource_versionless_id"))
	if second.id() == first.id() || second.attribute("version") == version {
		t.Errorf("the version stayed: %s", second.id())
	}
	equal(t, "objects", len(s.objects(t, "azurerm_key_vault_secret")), 1)
	s.refused(t, "azurerm_key_vault_secret", secretIn(vault, "token", "other"), "AlreadyExists")
}

func TestVaultTellsNamesAndRefusesWhatItDoesNotHold(t *testing.T) {
	s := azure(t)
	vault := s.azureVault(t)
	for _, name := range []string{"b", "a"} {
		s.make(t, "azurerm_key_vault_secret", nil, j{"key_vault_id": vault.id(), "name": name, "value": "healthy"})
	}
	got, problem := s.data(t, "azurerm_key_vault_secrets", j{"key_vault_id": vault.id()})
	equal(t, "problem", problem, "")
	equal(t, "names", got["names"], []any{"a", "b"})
	equal(t, "address", jsonAt(got, "secrets.0.id"), "https://drover-staging-weu.vault.azure.net/secrets/a")
	equal(t, "value", s.opened(t, vault, "a"), "healthy")

	if _, problem := s.ephemeral(t, "azurerm_key_vault_secret", j{"key_vault_id": vault.id(), "name": "none"}); !strings.Contains(problem, `Secret "none" does not exist in Key Vault`) {
		t.Errorf("got %q", problem)
	}
	found, problem := s.data(t, "azurerm_key_vault", j{"name": vaultName, "resource_group_name": azureGroup})
	equal(t, "problem", problem, "")
	equal(t, "vault", found["id"], vault.id())
	if _, problem := s.data(t, "azurerm_key_vault", j{"name": "none", "resource_group_name": azureGroup}); !strings.Contains(problem, "Key Vault was not found") {
		t.Errorf("got %q", problem)
	}
}

func (s *server) isKeptVault(t *testing.T, vault *resource) bool {
	t.Helper()
	kept, err := s.world.isKept(&record{Type: vault.kind, ID: vault.id(), Scope: s.scope})
	must(t, err)
	return kept
}

func TestDeletedVaultKeepsItsNameAndIsBroughtBack(t *testing.T) {
	dir := t.TempDir()
	s := azureWith(t, dir, j{"key_vault": []any{j{"purge_soft_delete_on_destroy": false, "recover_soft_deleted_key_vaults": true}}})
	vault := s.azureVault(t)
	equal(t, "delete", s.destroy(t, vault), "")
	equal(t, "vaults", len(s.objects(t, "azurerm_key_vault")), 0)
	equal(t, "kept", s.isKeptVault(t, vault), true)

	s.make(t, "azurerm_resource_group", nil, j{"name": "other", "location": azureRegion})
	s.refused(t, "azurerm_key_vault", vaultConfig(j{"resource_group_name": "other"}), "AlreadyExists", vaultName)

	strict := azureWith(t, dir, j{"key_vault": []any{j{"recover_soft_deleted_key_vaults": false}}})
	strict.refused(t, "azurerm_key_vault", vaultConfig(nil), "an existing soft-deleted Key Vault exists", "recover_soft_deleted_key_vaults")

	s.make(t, "azurerm_key_vault", nil, vaultConfig(nil))
	equal(t, "kept", s.isKeptVault(t, vault), false)
}

func TestVaultIsPurgedOnlyWhereNothingForbidsIt(t *testing.T) {
	s := azure(t)
	equal(t, "delete", s.destroy(t, s.azureVault(t)), "")
	protected := &resource{kind: "azurerm_key_vault", state: s.make(t, "azurerm_key_vault", nil, vaultConfig(nil)).state}
	equal(t, "delete", s.destroy(t, protected), "")
	equal(t, "protected", s.isKeptVault(t, protected), true)
	open := s.make(t, "azurerm_key_vault", nil, vaultConfig(j{"purge_protection_enabled": false}))
	equal(t, "delete", s.destroy(t, open), "")
	equal(t, "open", s.isKeptVault(t, open), false)
}

func TestDeletedSecretIsNotListedAndIsBroughtBack(t *testing.T) {
	s := azure(t)
	vault := s.azureVault(t)
	secret := s.make(t, "azurerm_key_vault_secret", nil, secretIn(vault, "token", "first"))
	equal(t, "delete", s.destroy(t, secret), "")
	got, _ := s.data(t, "azurerm_key_vault_secrets", j{"key_vault_id": vault.id()})
	equal(t, "names", got["names"], []any{})
	s.make(t, "azurerm_key_vault_secret", nil, secretIn(vault, "token", "second"))
	equal(t, "value", s.opened(t, vault, "token"), "second")
}

const azureBootstrap = `SECRET_STORE='keyvault'
KEY_VAULT_URL='https://drover-staging-weu.vault.azure.net/'
REGISTRATION_ADDRESS='join.management.staging.example.com'
INITIALISER='true'
CLAIM_INITIALISED='https://bundles.blob.core.windows.net/initialised/cluster-initialised'
PUBLISH_CA_HASH='ca-hash'
PUBLISH_DEPLOYER='deployer'
`

// azureServer makes a machine with a bootstrap, in a group with vault and container, and hands back what waits for it.
func azureServer(t *testing.T, s *server, bootstrap string) j {
	t.Helper()
	account := s.make(t, "azurerm_storage_account", nil, in("bundles", j{"account_tier": "Standard", "account_replication_type": "ZRS"}))
	s.make(t, "azurerm_storage_container", nil, j{"name": "initialised", "storage_account_id": account.id()})
	network := s.make(t, "azurerm_network_interface", nil, interfaceIn("s1", s.azureNetwork(t), "10.30.240.83"))
	machine := s.make(t, "azurerm_linux_virtual_machine", nil, machineIn("s1", network, cloudConfig(bootstrap)))
	return j{
		"name": "await-ready", "virtual_machine_id": machine.id(), "publisher": "Microsoft.Azure.Extensions",
		"type": "CustomScript", "type_handler_version": "2.1",
	}
}

func TestExtensionWritesWhatTheMachineWouldHavePublished(t *testing.T) {
	s := azure(t)
	vault := s.azureVault(t)
	hash := s.make(t, "azurerm_key_vault_secret", nil, secretIn(vault, "ca-hash", "pending"))
	s.make(t, "azurerm_key_vault_secret", nil, secretIn(vault, "deployer", "pending"))
	equal(t, "before", s.opened(t, vault, "ca-hash"), "pending")
	s.make(t, "azurerm_virtual_machine_extension", nil, azureServer(t, s, azureBootstrap))
	authority, err := clusterAuthority("join.management.staging.example.com")
	must(t, err)
	equal(t, "hash", s.opened(t, vault, "ca-hash"), authority.hash)
	var published credential
	must(t, json.Unmarshal([]byte(displayed(s.opened(t, vault, "deployer"))), &published))
	equal(t, "host", published.Host, "https://join.management.staging.example.com:6443")
	found, err := s.deployerAt(published.Host)
	must(t, err)
	equal(t, "the cluster is named without a version", found.parameter, vault.id()+"/secrets/deployer")

	read := s.refresh(t, hash)
	equal(t, "what Terraform reads anew", strings.Join(differing(hash.state, read.state), " "), "resource_id version")
	s.make(t, "azurerm_key_vault_secret", read, secretIn(vault, "ca-hash", "pending"))
	equal(t, "published value", s.opened(t, vault, "ca-hash"), authority.hash)

	marker, err := s.world.one("azurerm_storage_blob", "https://bundles.blob.core.windows.net/initialised/cluster-initialised")
	must(t, err)
	equal(t, "owner of the marker", marker.Provider, machineOwner)
}

func TestMarkerGoesWithItsContainer(t *testing.T) {
	s := azure(t)
	vault := s.azureVault(t)
	s.make(t, "azurerm_key_vault_secret", nil, secretIn(vault, "ca-hash", "pending"))
	s.make(t, "azurerm_key_vault_secret", nil, secretIn(vault, "deployer", "pending"))
	s.make(t, "azurerm_virtual_machine_extension", nil, azureServer(t, s, azureBootstrap))
	container, err := s.world.one("azurerm_storage_container", azurePlace+"Microsoft.Storage/storageAccounts/bundles/blobServices/default/containers/initialised")
	must(t, err)
	must(t, removeBlobs(s, container))
	equal(t, "blobs", len(s.objects(t, "azurerm_storage_blob")), 0)
}

func TestExtensionFailsWithTheBootstrap(t *testing.T) {
	s := azure(t)
	s.azureVault(t)
	_, problem := s.tryApply(t, "azurerm_virtual_machine_extension", nil, azureServer(t, s, azureBootstrap))
	if !strings.Contains(problem, `PUBLISH_CA_HASH: SecretNotFound: a secret with the name "ca-hash" was not found`) {
		t.Errorf("got %q", problem)
	}
	joining := azureWith(t, t.TempDir(), j{})
	joining.azureVault(t)
	config := azureServer(t, joining, strings.Replace(azureBootstrap, "INITIALISER='true'", "INITIALISER='false'", 1))
	joining.make(t, "azurerm_virtual_machine_extension", nil, config)
	equal(t, "a joining server claims", len(joining.objects(t, "azurerm_storage_blob")), 0)
}
