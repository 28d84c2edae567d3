package script

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"drover/rehearsal/rancher/testkit"
)

const binary = "the agent"

// rancher answers the installer and remembers what it was told.
type rancher struct {
	*httptest.Server
	authority *testkit.Authority
	headers   []http.Header
}

func newRancher(t *testing.T) *rancher {
	out := &rancher{authority: testkit.NewAuthority(t, "rancher")}
	mux := http.NewServeMux()
	mux.HandleFunc("/cacerts", func(w http.ResponseWriter, _ *http.Request) { w.Write(out.authority.PEM) })
	mux.HandleFunc("/agent", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(binary)) })
	mux.HandleFunc("/v3/connect/agent", func(w http.ResponseWriter, r *http.Request) {
		out.headers = append(out.headers, r.Header)
		if r.Header.Get("Authorization") != "Bearer good" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		json.NewEncoder(w).Encode(map[string]string{"secretName": "custom-1"})
	})
	out.Server = httptest.NewUnstartedServer(mux)
	out.TLS = out.authority.Serving(t)
	out.StartTLS()
	t.Cleanup(out.Close)
	return out
}

func sum(text string) string {
	raw := sha256.Sum256([]byte(text))
	return hex.EncodeToString(raw[:])
}

// machine is a root folder and a systemctl that writes down its calls.
type machine struct{ root, calls string }

func newMachine(t *testing.T) *machine {
	folder := t.TempDir()
	out := &machine{root: filepath.Join(folder, "root"), calls: filepath.Join(folder, "calls")}
	stub := "#!/bin/sh\nprintf '%s\\n' \"$*\" >>'" + out.calls + "'\n[ \"$1\" != is-active ] || exit 3\n"
	if err := os.WriteFile(filepath.Join(folder, "systemctl"), []byte(stub), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", folder+":"+os.Getenv("PATH"))
	return out
}

func (m *machine) install(t *testing.T, shell string, r *rancher, token string, settings Settings, arguments ...string) (string, error) {
	t.Helper()
	if settings.BinaryURL == "" {
		settings = Settings{Server: r.URL, BinaryURL: r.URL + "/agent", BinarySHA256: sum(binary)}
	}
	file := filepath.Join(t.TempDir(), "install.sh")
	if err := os.WriteFile(file, []byte(Install(settings)), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(shell, append([]string{file}, arguments...)...)
	command.Env = append(os.Environ(), "CATTLE_ROOT="+m.root, "CATTLE_TOKEN="+token, "CATTLE_RETRIES=1")
	out, err := command.CombinedOutput()
	return string(out), err
}

func (m *machine) read(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(m.root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func (r *rancher) arguments(more ...string) []string {
	return append([]string{
		"--server", r.URL, "--address", "10.20.0.7", "--internal-address", "10.20.0.7", "--label", "cattle.io/os=linux",
		"--ca-checksum", sum(string(r.authority.PEM)), "--node-name", "dev-shop-s1",
	}, more...)
}

func shells(t *testing.T, run func(t *testing.T, shell string)) {
	for _, shell := range []string{"sh", "dash"} {
		if _, err := exec.LookPath(shell); err != nil {
			t.Logf("skipped: no %s here", shell)
			continue
		}
		t.Run(shell, func(t *testing.T) { run(t, shell) })
	}
}

func TestTheInstallerRegistersAndStartsTheAgent(t *testing.T) {
	shells(t, func(t *testing.T, shell string) {
		r, m := newRancher(t), newMachine(t)
		out, err := m.install(t, shell, r, "good", Settings{}, r.arguments("--etcd", "--controlplane",
			"--label", "drover/role=server", "--taints", "a=b:NoSchedule", "--taints", "c:NoExecute")...)
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		header := r.headers[0]
		for name, want := range map[string]string{
			"X-Cattle-Role-Etcd": "true", "X-Cattle-Role-Control-Plane": "true", "X-Cattle-Role-Worker": "false",
			"X-Cattle-Node-Name": "dev-shop-s1", "X-Cattle-Address": "10.20.0.7", "X-Cattle-Internal-Address": "10.20.0.7",
			"X-Cattle-Labels": "cattle.io/os=linux,drover/role=server", "X-Cattle-Taints": "a=b:NoSchedule,c:NoExecute",
			"X-Cattle-Id": strings.TrimSpace(m.read(t, "etc/rancher/agent/cattle-id")),
		} {
			if got := header.Get(name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		if got := m.read(t, "usr/local/bin/rancher-system-agent"); got != binary {
			t.Errorf("the binary is %q", got)
		}
		if got := m.read(t, "etc/rancher/agent/config.yaml"); !strings.Contains(got, "connectionInfoFile: /var/lib/rancher/agent/rancher2_connection_info.json\n") {
			t.Errorf("config.yaml is %q", got)
		}
		if got := m.read(t, "etc/systemd/system/rancher-system-agent.service"); !strings.Contains(got, "ExecStart=/usr/local/bin/rancher-system-agent agent\n") {
			t.Errorf("the unit is %q", got)
		}
		calls, err := os.ReadFile(m.calls)
		want := "is-active --quiet rancher-system-agent.service\nenable --quiet rancher-system-agent.service\nrestart rancher-system-agent.service\n"
		if err != nil || string(calls) != want {
			t.Errorf("systemctl was called: %s (%v)", calls, err)
		}
		info, err := os.Stat(filepath.Join(m.root, "var/lib/rancher/agent/rancher2_connection_info.json"))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("connection information: %v, %v", info, err)
		}
	})
}

func TestAMachineThatComesBackKeepsItsIdentity(t *testing.T) {
	r, m := newRancher(t), newMachine(t)
	for range 2 {
		if out, err := m.install(t, "sh", r, "good", Settings{}, r.arguments("--worker")...); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	first, second := r.headers[0].Get("X-Cattle-Id"), r.headers[1].Get("X-Cattle-Id")
	if len(first) != 64 || first != second {
		t.Errorf("identities %q and %q", first, second)
	}
	other := newMachine(t)
	if out, err := other.install(t, "sh", r, "good", Settings{}, r.arguments("--worker")...); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if r.headers[2].Get("X-Cattle-Id") == first {
		t.Error("another machine has the same identity")
	}
}

func TestWhatIsNotTrustedIsRefused(t *testing.T) {
	wrong := strings.Repeat("0", 64)
	for name, test := range map[string]struct {
		token, want string
		settings    func(*rancher) Settings
		arguments   func(*rancher) []string
	}{
		"another CA": {
			token: "good", want: "--ca-checksum says '" + wrong + "'",
			arguments: func(r *rancher) []string { return append(r.arguments("--worker"), "--ca-checksum", wrong) },
		},
		"a CA that the system does not trust": {
			token: "good", want: "000 received while asking for",
			arguments: func(*rancher) []string { return []string{"--worker"} },
		},
		"another binary": {
			token: "good", want: "expected '" + wrong + "'",
			settings: func(r *rancher) Settings { return Settings{r.URL, r.URL + "/agent", wrong} },
		},
		"another token": {token: "bad", want: "401 received while asking for connection information"},
		"no role":       {token: "good", want: "no role", arguments: func(r *rancher) []string { return r.arguments() }},
		"no token":      {token: "", want: "'CATTLE_TOKEN' is not set"},
		"an unknown argument": {
			token: "good", want: "unknown argument '--size'",
			arguments: func(r *rancher) []string { return r.arguments("--worker", "--size", "3") },
		},
	} {
		t.Run(name, func(t *testing.T) {
			r, m := newRancher(t), newMachine(t)
			arguments, settings := r.arguments("--worker"), Settings{}
			if test.arguments != nil {
				arguments = test.arguments(r)
			}
			if test.settings != nil {
				settings = test.settings(r)
			}
			out, err := m.install(t, "dash", r, test.token, settings, arguments...)
			if err == nil || !strings.Contains(out, test.want) {
				t.Errorf("error %v, output %s", err, out)
			}
			if calls, _ := os.ReadFile(m.calls); strings.Contains(string(calls), "start") {
				t.Errorf("the agent was started: %s", calls)
			}
		})
	}
}

func TestTheServedScriptIsCleanForShellcheck(t *testing.T) {
	if _, err := exec.LookPath("shellcheck"); err != nil {
		t.Skip("skipped: no shellcheck here")
	}
	served := Install(Settings{Server: "https://it's.example", BinaryURL: "https://a/b", BinarySHA256: sum("")})
	for name, text := range map[string]string{"verbatim": body, "served": served} {
		command := exec.Command("shellcheck", "--shell=sh", "--severity=style", "-")
		command.Stdin = strings.NewReader(text)
		if out, err := command.CombinedOutput(); err != nil {
			t.Errorf("%s: %s", name, out)
		}
	}
}
