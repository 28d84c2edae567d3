package rancher

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"drover/rehearsal/lab/host"
	"drover/rehearsal/lab/world"
)

// call is one command that a machine got.
type call struct {
	machine, input string
	command        []string
}

type bench struct {
	t      *testing.T
	config Config
	calls  []call
	known  map[string]string
}

func server(id, cluster string, state host.State, result string) host.Machine {
	return host.Machine{
		ID: id, Name: id, State: state, Tags: map[string]string{"drover:cluster": cluster},
		Bootstrap: json.RawMessage(`{"result":"` + result + `"}`),
	}
}

func start(t *testing.T, machines ...host.Machine) *bench {
	b := &bench{t: t, known: map[string]string{}}
	b.config = Config{
		World: world.Open(t.TempDir()), ArtifactURL: "https://releases.test", Log: slog.New(slog.DiscardHandler),
		Machines: func() []host.Machine { return machines },
		Leaf:     func(name string) ([]byte, []byte, error) { return []byte("certificate of " + name), []byte("key"), nil },
		Exec: func(_ context.Context, id string, input io.Reader, command ...string) error {
			text := []byte{}
			if input != nil {
				text, _ = io.ReadAll(input)
			}
			b.calls = append(b.calls, call{machine: id, input: string(text), command: command})
			return nil
		},
	}
	return b
}

func (b *bench) make(kind, id string, attrs map[string]any) {
	b.t.Helper()
	if err := b.config.World.Create(&world.Object{Type: kind, ID: id, Attrs: attrs}); err != nil {
		b.t.Fatal(err)
	}
}

// round answers what the machines got in one round.
func (b *bench) round() []call {
	b.t.Helper()
	b.calls = nil
	if err := b.config.round(b.t.Context(), b.known); err != nil {
		b.t.Fatal(err)
	}
	return b.calls
}

func written(calls []call, path string) string {
	for _, it := range calls {
		if slices.Contains(it.command, path) {
			return it.input
		}
	}
	return ""
}

func TestNobodyRunsItBeforeTheFirstLogin(t *testing.T) {
	b := start(t, server("s1", managementCluster, host.Running, "ok"))
	if calls := b.round(); len(calls) > 0 {
		t.Errorf("got %v", calls)
	}
}

func TestOnlyServersThatAreDoneRunIt(t *testing.T) {
	b := start(t, server("s1", managementCluster, host.Running, "ok"), server("s2", managementCluster, host.Running, "running"),
		server("s3", managementCluster, host.Stopped, "ok"), server("m1", "shop", host.Running, "ok"))
	b.make("rancher2_bootstrap", "bootstrap", map[string]any{"url": "https://rancher.test", "token": "token-a:b"})
	calls := b.round()
	for _, it := range calls {
		if it.machine != "s1" {
			t.Errorf("%s got %v", it.machine, it.command)
		}
	}
	if got := written(calls, certificateFile); got != "certificate of rancher.test" {
		t.Errorf("certificate: %q", got)
	}
	last := calls[len(calls)-1].command
	if strings.Join(last, " ") != "systemctl enable --now "+unitName {
		t.Errorf("last command: %v", last)
	}
	if again := b.round(); len(again) > 0 {
		t.Errorf("a round without news: %v", again)
	}
}

func TestANewClusterIsToldWithoutARestart(t *testing.T) {
	b := start(t, server("s1", managementCluster, host.Running, "ok"))
	b.make("rancher2_bootstrap", "bootstrap", map[string]any{"url": "https://rancher.test", "token": "token-a:b"})
	b.round()
	b.make("rancher2_cluster_v2", "fleet-default/shop", map[string]any{
		"name": "shop", "cluster_v1_id": "c-m-1", "kubernetes_version": "v1.35.7+rke2r1",
		"annotations":                map[string]any{"rke.cattle.io/delete-missing-custom-machines-after": "10m"},
		"cluster_registration_token": []any{map[string]any{"token": "registration"}},
		"rke_config":                 []any{map[string]any{"machine_global_config": "cni: canal\n", "additional_manifest": "a: b\n"}},
	})
	calls := b.round()
	if len(calls) != 1 {
		t.Fatalf("got %d calls: %v", len(calls), calls)
	}
	var got settings
	if err := json.Unmarshal([]byte(written(calls, settingsFile)), &got); err != nil {
		t.Fatal(err)
	}
	want := cluster{
		Name: "shop", ID: "c-m-1", RegistrationToken: "registration", KubernetesVersion: "v1.35.7+rke2r1",
		ArtifactURL: "https://releases.test", MachineGlobalConfig: "cni: canal\n", AdditionalManifest: "a: b\n", MissingAfter: "10m",
	}
	if len(got.Clusters) != 1 || got.Clusters[0] != want {
		t.Errorf("got %+v, expected %+v", got.Clusters, want)
	}
}
