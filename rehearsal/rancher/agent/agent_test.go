package agent

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"drover/rehearsal/rancher/machine"
)

const version = "v1.35.7+rke2r1"

// newAgent has RKE2 installed already, and a systemctl that says a given state and writes its other calls down.
func newAgent(t *testing.T, state string) (agent *Agent, calls func() string) {
	t.Helper()
	root := t.TempDir()
	log := filepath.Join(root, "calls")
	for path, content := range map[string]string{
		"usr/local/bin/rke2": "#!/bin/sh\necho 'rke2 version " + version + " (fake)'\n",
		"stub/systemctl":     "#!/bin/sh\nif [ \"$1\" = is-active ]; then echo " + state + "; exit 3; fi\nprintf '%s\\n' \"$*\" >>'" + log + "'\n",
	} {
		if err := writeFile(filepath.Join(root, path), []byte(content), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", filepath.Join(root, "stub")+":"+os.Getenv("PATH"))
	agent = &Agent{
		options:  Options{Root: root, Architecture: "amd64", Log: slog.New(slog.DiscardHandler)},
		settings: settings{appliedPlanDirectory: "/var/lib/rancher/agent/applied", workDirectory: "/var/lib/rancher/agent/work"},
	}
	return agent, func() string {
		raw, _ := os.ReadFile(log)
		return string(raw)
	}
}

func plan(server string) machine.Plan {
	return machine.Plan{
		Unit: machine.ServerUnit, Version: version, JoinedTo: server, CAHash: strings.Repeat("a", 64),
		Config: map[string]any{"server": server, "node-name": "s1"}, Manifests: map[string]string{"rancher/addons.yaml": "kind: A\n"},
	}
}

func (a *Agent) give(t *testing.T, path, content string) {
	t.Helper()
	if err := writeFile(a.path(path), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestAPlanIsWrittenAndItsUnitStarted(t *testing.T) {
	agent, calls := newAgent(t, "inactive")
	if err := agent.apply(t.Context(), plan("https://10.0.0.1:9345")); err != nil {
		t.Fatal(err)
	}
	if got, want := calls(), "enable --quiet rke2-server.service\nstart --no-block rke2-server.service\n"; got != want {
		t.Errorf("systemctl was called: %s", got)
	}
	config, err := os.ReadFile(agent.path(configFile))
	if want := "{\n  \"node-name\": \"s1\",\n  \"server\": \"https://10.0.0.1:9345\"\n}\n"; err != nil || string(config) != want {
		t.Errorf("the configuration is %s (%v)", config, err)
	}
}

func TestARunningServerIsNotDisturbedByAnotherJoinAddress(t *testing.T) {
	agent, calls := newAgent(t, "active")
	agent.give(t, "/var/lib/rancher/agent/applied/started", plan("https://10.0.0.1:9345").RestartHash())
	if err := agent.apply(t.Context(), plan("https://10.0.0.2:9345")); err != nil {
		t.Fatal(err)
	}
	if got := calls(); got != "" {
		t.Errorf("systemctl was called: %s", got)
	}
	if config, err := os.ReadFile(agent.path(configFile)); err != nil || !strings.Contains(string(config), "10.0.0.2") {
		t.Errorf("the new address is not written: %s (%v)", config, err)
	}
}

func TestAServerThatStillJoinsReadsTheNewAddress(t *testing.T) {
	agent, calls := newAgent(t, "activating")
	agent.give(t, "/var/lib/rancher/agent/applied/started", plan("https://10.0.0.1:9345").RestartHash())
	if err := agent.apply(t.Context(), plan("https://10.0.0.2:9345")); err != nil {
		t.Fatal(err)
	}
	if got := calls(); !strings.HasSuffix(got, "restart --no-block rke2-server.service\n") {
		t.Errorf("systemctl was called: %s", got)
	}
}

func TestAChangedConfigurationRestartsARunningServer(t *testing.T) {
	agent, calls := newAgent(t, "active")
	changed := plan("https://10.0.0.1:9345")
	agent.give(t, "/var/lib/rancher/agent/applied/started", changed.RestartHash())
	changed.Config = map[string]any{"node-name": "s1", "tls-san": []string{"api"}}
	if err := agent.apply(t.Context(), changed); err != nil {
		t.Fatal(err)
	}
	if got := calls(); !strings.HasSuffix(got, "restart --no-block rke2-server.service\n") {
		t.Errorf("systemctl was called: %s", got)
	}
}

func TestAMachineWithoutDataDoesNotBeginASecondCluster(t *testing.T) {
	agent, calls := newAgent(t, "inactive")
	begin := plan(machine.InitNode)
	begin.NeedsData = true
	err := agent.apply(t.Context(), begin)
	if err == nil || !strings.Contains(err.Error(), "would begin a second cluster") || calls() != "" {
		t.Errorf("error %v, systemctl was called: %s", err, calls())
	}
	agent.give(t, etcdWAL+"/0.wal", "data")
	if err := agent.apply(t.Context(), begin); err != nil {
		t.Errorf("with data: %v", err)
	}
}

func TestTheDiskOfAnotherClusterIsRefused(t *testing.T) {
	agent, calls := newAgent(t, "inactive")
	agent.give(t, etcdWAL+"/0.wal", "data")
	agent.give(t, serverToken, "K10"+strings.Repeat("b", 64)+"::server:x\n")
	err := agent.apply(t.Context(), plan("https://10.0.0.1:9345"))
	if err == nil || !strings.Contains(err.Error(), "the disk holds a member of another cluster") || calls() != "" {
		t.Errorf("error %v, systemctl was called: %s", err, calls())
	}
}

func TestAManifestOutsideItsFolderIsRefused(t *testing.T) {
	agent, _ := newAgent(t, "inactive")
	wrong := plan("https://10.0.0.1:9345")
	wrong.Manifests = map[string]string{"../../passwd": "x"}
	if err := agent.apply(t.Context(), wrong); err == nil || err.Error() != "manifest '../../passwd' leaves its folder" {
		t.Errorf("error is %v", err)
	}
}

func TestAnArchiveIsUnpackedWithinItsFolderOnly(t *testing.T) {
	for name, test := range map[string]struct {
		header tar.Header
		want   string
	}{
		"a file":         {tar.Header{Name: "bin/rke2", Typeflag: tar.TypeReg, Mode: 0o755}, ""},
		"a path outside": {tar.Header{Name: "../evil", Typeflag: tar.TypeReg, Mode: 0o644}, "'../evil' leaves the folder"},
		"a link outside": {tar.Header{Name: "bin/a", Typeflag: tar.TypeSymlink, Linkname: "../../etc/passwd"}, "link 'bin/a' leaves the folder"},
		"a link inside":  {tar.Header{Name: "bin/a", Typeflag: tar.TypeSymlink, Linkname: "../share/a"}, ""},
		"a device":       {tar.Header{Name: "bin/a", Typeflag: tar.TypeChar}, "'bin/a' is neither a file nor a folder nor a link"},
	} {
		t.Run(name, func(t *testing.T) {
			var packed bytes.Buffer
			zipped := gzip.NewWriter(&packed)
			writer := tar.NewWriter(zipped)
			if writer.WriteHeader(&test.header) != nil || writer.Close() != nil || zipped.Close() != nil {
				t.Fatal("can't be packed")
			}
			folder := t.TempDir()
			archive := filepath.Join(folder, "a.tar.gz")
			if err := os.WriteFile(archive, packed.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			err := unpack(archive, filepath.Join(folder, "target"))
			if (err == nil) != (test.want == "") || err != nil && err.Error() != test.want {
				t.Errorf("error is %v, want %q", err, test.want)
			}
			if _, err := os.Lstat(filepath.Join(folder, "target", test.header.Name)); (err == nil) != (test.want == "") {
				t.Errorf("there is a file: %v", err == nil)
			}
		})
	}
}
