package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	metalAddress = "10.40.0.11"
	bundleSum    = "6d6aaf5bf9eeb6a7ba8d4f6dfae6ba8d4a0f4f1e7d7e4dd6cbb2cb32b9ce3f8f"
)

// metalWorld is a world with one role of Vault, its secret, and the machines behind the entry.
type metalWorld struct {
	*metalHosts
	vault  *server
	role   string
	secret string
}

func newMetalWorld(t *testing.T) *metalWorld {
	t.Helper()
	dir := t.TempDir()
	vault := vaultIn(t, dir)
	role := displayed(vault.role(t).attribute("role_id"))
	secret := vault.make(t, "vault_approle_auth_backend_role_secret_id", nil, j{"role_name": "lab-kv-01"})
	s, err := newServerWith("metal", dir, 0, &schemas{})
	must(t, err)
	return &metalWorld{metalHosts: newMetalHosts(s), vault: vault, role: role, secret: displayed(secret.attribute("secret_id"))}
}

func (w *metalWorld) settings(changes map[string]string) string {
	all := map[string]string{
		"DROVER_ENV": "lab", "DROVER_CLUSTER": "management", "DROVER_ROLE": "server", "DROVER_NODE": "kv-01",
		"DROVER_SITE": "dc1", "HOST_ADDRESS": metalAddress, "STEPS": "10-host 90-complete", "SECRET_STORE": "vault",
		"VAULT_ADDR": vaultAddress, "VAULT_ROLE_ID": w.role, "INITIALISER": "false",
	}
	for name, value := range changes {
		all[name] = value
	}
	var out strings.Builder
	for _, name := range sortedKeys(all) {
		out.WriteString(name + "='" + all[name] + "'\n")
	}
	return out.String()
}

// enterWith uploads what a provisioner does and runs the command as Terraform would.
func (w *metalWorld) enterWith(t *testing.T, settings, secret, sum string) (string, int) {
	t.Helper()
	script := "#!/bin/sh\nsudo bash ./drover-enter.sh drover-abc.tar " + sum + " drover-management.env drover-secret-id\n"
	for name, content := range map[string]string{
		"drover-enter.sh": "#!/bin/bash\n", "drover-abc.tar": "the bundle", "drover-management.env": settings,
		"drover-secret-id": secret, "/tmp/terraform_1.sh": script,
	} {
		must(t, w.Upload(metalAddress, name, []byte(content)))
	}
	return w.Run(metalAddress, "/tmp/terraform_1.sh\n")
}

func bundleSumOf(t *testing.T, w *metalWorld) string {
	t.Helper()
	must(t, w.Upload("nowhere", "x", []byte("the bundle")))
	return w.uploads["nowhere"]["x"].sha256
}

func (w *metalWorld) enter(t *testing.T, changes map[string]string) (string, int) {
	t.Helper()
	return w.enterWith(t, w.settings(changes), w.secret, bundleSumOf(t, w))
}

func TestHostEntersItsClusterAndLeavesIt(t *testing.T) {
	w := newMetalWorld(t)
	output, exit := w.enter(t, nil)
	equal(t, "output", output, "drover: all steps done: 10-host 90-complete\n")
	equal(t, "exit", exit, 0)
	host, err := w.member(metalAddress)
	must(t, err)
	equal(t, "cluster", host.Attrs["cluster"], "management")
	equal(t, "owner", host.Provider, machineOwner)
	_, exit = w.enter(t, nil)
	equal(t, "again", exit, 0)
	host, err = w.member(metalAddress)
	must(t, err)
	equal(t, "bootstraps", host.Attrs["bootstraps"], 2)

	output, exit = w.enter(t, map[string]string{"DROVER_CLUSTER": "plant"})
	equal(t, "exit", exit, 5)
	if !strings.Contains(output, "this host is server 'kv-01' of cluster 'management' in environment 'lab', the settings make it server 'kv-01' of cluster 'plant'") {
		t.Errorf("output %q", output)
	}
	output, exit = w.Run(metalAddress, "sudo /opt/drover/bundle/leave-cluster.sh")
	equal(t, "leaving", output, "drover leave: has left cluster 'management'\n")
	equal(t, "exit", exit, 0)
	host, err = w.member(metalAddress)
	must(t, err)
	if host != nil {
		t.Errorf("it is still there: %v", host.Attrs)
	}
	output, exit = w.Run(metalAddress, "sudo /opt/drover/bundle/leave-cluster.sh")
	equal(t, "leaving twice", output, "sudo: /opt/drover/bundle/leave-cluster.sh: command not found\n")
	equal(t, "exit", exit, 1)
	guarded := "sudo test ! -e /opt/drover/bundle/leave-cluster.sh || sudo /opt/drover/bundle/leave-cluster.sh"
	_, exit = w.Run(metalAddress, guarded)
	equal(t, "a host that never entered", exit, 0)
	_, exit = w.enter(t, map[string]string{"DROVER_CLUSTER": "plant"})
	equal(t, "into another cluster", exit, 0)
	output, exit = w.Run(metalAddress, guarded)
	equal(t, "leaving", output, "drover leave: has left cluster 'plant'\n")
	equal(t, "exit", exit, 0)
}

func TestMachineOfASiteIsInNoCluster(t *testing.T) {
	w := newMetalWorld(t)
	machine := map[string]string{"DROVER_ROLE": "machine", "DROVER_CLUSTER": ""}
	_, exit := w.enter(t, machine)
	equal(t, "exit", exit, 0)
	output, exit := w.enter(t, nil)
	equal(t, "exit", exit, 5)
	if !strings.Contains(output, "this host is machine 'kv-01' of site 'dc1' in environment 'lab', the settings make it server 'kv-01' of cluster 'management'") {
		t.Errorf("output %q", output)
	}
	output, exit = w.Run(metalAddress, "sudo /opt/drover/bundle/leave-cluster.sh")
	equal(t, "leaving", output, "drover leave: is no machine of site 'dc1' any more\n")
	equal(t, "exit", exit, 0)
	output, exit = w.enter(t, map[string]string{"DROVER_CLUSTER": ""})
	equal(t, "exit", exit, 2)
	if !strings.Contains(output, "'DROVER_CLUSTER' is missing") {
		t.Errorf("output %q", output)
	}
}

func TestHostRefusesWhatTheRealOneWould(t *testing.T) {
	w := newMetalWorld(t)
	sum := bundleSumOf(t, w)
	for name, test := range map[string]struct {
		settings, secret, sum string
		exit                  int
		says                  string
	}{
		"another bundle":       {w.settings(nil), w.secret, bundleSum, 4, "checksum of 'drover-abc.tar' is not '" + bundleSum + "'"},
		"a setting that lacks": {w.settings(map[string]string{"STEPS": ""}), w.secret, sum, 2, "'STEPS' is missing in 'drover-management.env'"},
		"no settings":          {"DROVER_ENV=lab\n", w.secret, sum, 2, "expected NAME='value'"},
		"another host":         {w.settings(map[string]string{"HOST_ADDRESS": "10.40.0.12"}), w.secret, sum, 2, "'HOST_ADDRESS' is '10.40.0.12', the host that was reached is '10.40.0.11'"},
		"a made-up secret":     {w.settings(nil), "made up", sum, 6, "invalid role or secret ID"},
		"a role of nobody":     {w.settings(map[string]string{"VAULT_ROLE_ID": "x"}), w.secret, sum, 6, `no login with role "x"`},
		"a store that lacks what it publishes to": {
			w.settings(map[string]string{"INITIALISER": "true", "REGISTRATION_ADDRESS": "api.lab.example.com", "PUBLISH_DEPLOYER": "drover/lab/none"}),
			w.secret, sum, 1, `bootstrap failed: PUBLISH_DEPLOYER: there is no secret at "drover/data/lab/none"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			output, exit := w.enterWith(t, test.settings, test.secret, test.sum)
			equal(t, "exit", exit, test.exit)
			if !strings.Contains(output, test.says) {
				t.Errorf("output %q", output)
			}
			equal(t, "uploads left", len(w.uploads[metalAddress]), 0)
		})
	}
	output, exit := w.Run(metalAddress, "sudo bash ./drover-enter.sh a b c d")
	equal(t, "without an upload", output, "./drover-enter.sh: not found\n")
	equal(t, "exit", exit, 127)
	_, exit = w.Run(metalAddress, "systemctl restart everything")
	equal(t, "an unknown command", exit, 127)
	_, exit = w.Run(metalAddress, "chmod 0777 /tmp/terraform_1.sh\n")
	equal(t, "what Terraform itself says", exit, 0)
}

func TestHostFailsAsOftenAsAFaultSays(t *testing.T) {
	w := newMetalWorld(t)
	faults := []j{{"type": "metal_host", "op": "create", "times": 1}, {"type": "metal_host", "op": "create", "mode": "partial"}}
	raw, err := json.Marshal(faults)
	must(t, err)
	must(t, os.WriteFile(filepath.Join(w.server.dir, "faults.json"), raw, 0o600))
	output, exit := w.enter(t, nil)
	equal(t, "refused", exit, 1)
	equal(t, "output", output, "drover enter: InternalError: the request was refused (a fault injected by the rehearsal)\n")
	host, err := w.member(metalAddress)
	must(t, err)
	if host != nil {
		t.Error("a refused bootstrap has made the host a member")
	}
	_, exit = w.enter(t, nil)
	equal(t, "made, then failed", exit, 1)
	host, err = w.member(metalAddress)
	must(t, err)
	equal(t, "a member all the same", host.Attrs["name"], "kv-01")
	_, exit = w.enter(t, nil)
	equal(t, "the third time", exit, 0)
}

func TestEventsTellFilesAndCommandsButNoContent(t *testing.T) {
	w := newMetalWorld(t)
	_, exit := w.enter(t, nil)
	equal(t, "exit", exit, 0)
	raw, err := os.ReadFile(filepath.Join(w.server.dir, "events.jsonl"))
	must(t, err)
	for _, part := range []string{"10.40.0.11 drover-secret-id (36 bytes, sha256 ", "10.40.0.11 sudo bash ./drover-enter.sh drover-abc.tar"} {
		if !strings.Contains(string(raw), part) {
			t.Errorf("no event says %q", part)
		}
	}
	hosts, err := w.server.world.all(metalHost)
	must(t, err)
	text, err := json.Marshal(hosts)
	must(t, err)
	if strings.Contains(string(raw)+string(text), w.secret) {
		t.Error("the secret is written down")
	}
}

func TestWrappedSecretIsFetchedByOneHostAlone(t *testing.T) {
	w := newMetalWorld(t)
	wrapped := func(more j) *resource {
		config := j{"role_name": "lab-kv-01", "wrapping_ttl": "24h"}
		for name, value := range more {
			config[name] = value
		}
		return w.vault.make(t, "vault_approle_auth_backend_role_secret_id", nil, config)
	}
	kept := wrapped(j{"with_wrapped_accessor": true})
	token := displayed(kept.attribute("wrapping_token"))
	for _, attempt := range []string{"first", "after a bootstrap that failed"} {
		_, exit := w.enterWith(t, w.settings(nil), token, bundleSumOf(t, w))
		equal(t, attempt, exit, 0)
	}
	equal(t, "by another", w.server.login("10.40.0.12", w.role, token), "wrapping token is not valid or does not exist: 10.40.0.11 has used it")
	_, exit := w.Run(metalAddress, "sudo /opt/drover/bundle/leave-cluster.sh")
	equal(t, "leaving", exit, 0)
	output, exit := w.enterWith(t, w.settings(nil), token, bundleSumOf(t, w))
	equal(t, "after it has left", exit, 6)
	equal(t, "output", output, "drover enter: wrapping token is not valid or does not exist: 10.40.0.11, which has left since, has used it\n")
	if w.vault.refresh(t, kept) == nil {
		t.Error("the provider has lost a secret that it knows by its own accessor")
	}
	lost := wrapped(nil)
	must(t, w.server.login(metalAddress, w.role, displayed(lost.attribute("wrapping_token"))))
	if w.vault.refresh(t, lost) != nil {
		t.Error("the provider can't know a secret by a token that is used up")
	}
}
