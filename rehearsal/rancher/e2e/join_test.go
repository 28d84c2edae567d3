package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func (l *lab) state() string {
	var view struct{ State string }
	if json.Unmarshal([]byte(l.get("/v3/clusters/shop", apiUser)), &view) != nil {
		return ""
	}
	return view.State
}

func (l *lab) machines() map[string]map[string]any {
	var list struct{ Data []map[string]any }
	out := map[string]map[string]any{}
	if json.Unmarshal([]byte(l.get("/v3/machines", apiUser)), &list) == nil {
		for _, view := range list.Data {
			out[view["nodeName"].(string)] = view
		}
	}
	return out
}

func (l *lab) running(nodes ...string) bool {
	machines := l.machines()
	for _, node := range nodes {
		if machines[node]["phase"] != "Running" {
			return false
		}
	}
	return true
}

func (l *lab) log() []string {
	raw, _ := os.ReadFile(filepath.Join(l.folder, "rke2.log"))
	return strings.Split(strings.TrimSpace(string(raw)), "\n")
}

func TestAClusterRaisesItselfAndAServerComesBackWithItsData(t *testing.T) {
	l := newLab(t, "")
	first, second, worker := l.host("shop-s1"), l.host("shop-s2"), l.host("shop-w1")
	first.join("10.0.0.1", "--etcd", "--controlplane")
	second.join("10.0.0.2", "--etcd", "--controlplane")
	if state := l.state(); state != "provisioning" || l.log()[0] != "" {
		t.Fatalf("state %q and log %q before there is a worker", state, l.log())
	}
	worker.join("10.0.0.3", "--worker")
	l.await("every machine to run", func() bool { return l.state() == "active" && l.running("shop-s1", "shop-s2", "shop-w1") })

	if got := l.log(); len(got) != 3 || got[0] != "server shop-s1 begins" {
		t.Fatalf("RKE2 was started so: %q", got)
	}
	log := strings.Join(l.log()[1:], "\n")
	for _, want := range []string{"server shop-s2 joins https://10.0.0.1:9345", "agent shop-w1 joins https://10.0.0."} {
		if !strings.Contains(log, want) {
			t.Errorf("%q is missing in %q", want, log)
		}
	}
	manifest, err := os.ReadFile(filepath.Join(second.root, "var/lib/rancher/rke2/server/manifests/rancher/addons.yaml"))
	if err != nil || string(manifest) != "kind: HelmChart\n" {
		t.Errorf("manifest %q, %v", manifest, err)
	}

	// renewal: a new root disk, the data disk with etcd and the machine's identity
	name := l.machines()["shop-s1"]["name"]
	first.stop()
	for _, lost := range []string{first.root + "/usr", first.root + "/etc/systemd", first.root + "/etc/rancher/rke2", first.root + "-state"} {
		if err := os.RemoveAll(lost); err != nil {
			t.Fatal(err)
		}
	}
	first = l.host("shop-s1")
	first.join("10.0.0.1", "--etcd", "--controlplane")
	l.await("the renewed server to start with its data", func() bool { return len(l.log()) == 4 && l.running("shop-s1") })
	if got := l.log()[3]; got != "server shop-s1 has data" {
		t.Errorf("the renewed server: %s", got)
	}
	if machines := l.machines(); len(machines) != 3 || machines["shop-s1"]["name"] != name {
		t.Errorf("machines after the renewal: %v", machines)
	}
}

func TestAnArchiveWithAnotherChecksumIsNeverUnpacked(t *testing.T) {
	l := newLab(t, strings.Repeat("0", 64))
	server, worker := l.host("shop-s1"), l.host("shop-w1")
	server.join("10.0.0.1", "--etcd", "--controlplane")
	worker.join("10.0.0.2", "--worker")
	l.await("the refusal to be reported", func() bool {
		problem, _ := l.machines()["shop-s1"]["error"].(string)
		return strings.Contains(problem, "expected '"+strings.Repeat("0", 64)+"'")
	})
	if _, err := os.Stat(filepath.Join(server.root, "usr/local/bin/rke2")); !os.IsNotExist(err) {
		t.Errorf("RKE2 was unpacked: %v", err)
	}
	if got := l.log(); got[0] != "" {
		t.Errorf("RKE2 was started: %q", got)
	}
}
