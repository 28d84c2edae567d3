package release

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"drover/rehearsal/lab/host"
	"drover/rehearsal/lab/world"
	"drover/rehearsal/rancher/kubeapi"
)

const member = "c-m-11111111"

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fakeAPI remembers the objects that a cluster has.
type fakeAPI struct {
	mutex   sync.Mutex
	objects map[string]map[string]any
	calls   []string
}

func (f *fakeAPI) Do(_ context.Context, cluster, method, path string, in, _ any) error {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.calls = append(f.calls, method+" "+path)
	body, _ := in.(map[string]any)
	key := cluster + " " + path
	if method == http.MethodPost {
		key += "/" + body["metadata"].(map[string]any)["name"].(string)
	}
	_, there := f.objects[key]
	switch {
	case method == http.MethodPost && there:
		return &kubeapi.StatusError{Code: http.StatusConflict}
	case method != http.MethodPost && !there:
		return &kubeapi.StatusError{Code: http.StatusNotFound}
	case method == http.MethodDelete:
		delete(f.objects, key)
	default:
		f.objects[key] = body
	}
	return nil
}

func (f *fakeAPI) at(key string) map[string]any {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return f.objects[key]
}

// stage is a lab with one server of one member, and a Helm that is a script.
type stage struct {
	dir    string
	world  *world.World
	api    *fakeAPI
	config Config
}

// helmScript writes down what it was asked and what it was given; it fails for a release called "bad".
const helmScript = `#!/bin/sh
echo "$@" >>@DIR@/helm.log
cp "$KUBECONFIG" @DIR@/kubeconfig.seen
for word in "$@"; do
  case "$word" in
    */values-*.yaml) cat "$word" >>@DIR@/values.seen ;;
    *=*/secret-*) cat "${word#*=}" >>@DIR@/secret.seen ;;
    bad) echo "WARNING: beside the matter" >&2; echo "Error: UPGRADE FAILED: deployment is not ready" >&2; exit 1 ;;
  esac
done
echo '{"version":3,"config":{"image":{"repository":"ghcr.io/acme/shop"}},"chart":{"values":{"port":8080,"image":{"repository":""}}}}'
`

func newStage(t *testing.T) *stage {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("TMPDIR", t.TempDir())
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	helm := filepath.Join(dir, "helm")
	must(t, os.WriteFile(helm, []byte(strings.ReplaceAll(helmScript, "@DIR@", dir)), 0o755))
	must(t, os.MkdirAll(filepath.Join(dir, "lab"), 0o700))
	must(t, os.MkdirAll(filepath.Join(dir, "chart"), 0o700))
	must(t, os.WriteFile(filepath.Join(dir, "chart", "Chart.yaml"), []byte("apiVersion: v2\nname: app\n"), 0o600))
	s := &stage{dir: dir, world: world.Open(filepath.Join(dir, "world")), api: &fakeAPI{objects: map[string]map[string]any{}}}
	s.config = Config{
		Workspace: dir, World: s.world, API: s.api, Helm: helm, Log: slog.New(slog.DiscardHandler),
		APIAddress: func(string) string { return listener.Addr().String() },
		Machines: func() []host.Machine {
			return []host.Machine{
				{ID: "i-w", Name: "w", State: host.Running, Group: "workers", Tags: map[string]string{"drover:cluster": "shop"}},
				{ID: "i-s1", Name: "s1", State: host.Running, Address: "10.0.0.1", Tags: map[string]string{"drover:cluster": "shop"}},
			}
		},
		Output: func(_ context.Context, id string, _ ...string) (string, error) {
			if id != "i-s1" {
				return "", fmt.Errorf("%s is no server", id)
			}
			return `{"clusters":[{"name":"default","cluster":{"server":"https://127.0.0.1:6443"}}]}`, nil
		},
	}
	must(t, s.world.Create(&world.Object{Type: "rancher2_cluster_v2", ID: "fleet-default/shop", Attrs: map[string]any{"cluster_v1_id": member, "name": "shop"}}))
	must(t, s.world.Create(&world.Object{Type: "kubernetes_namespace_v1", ID: "shop", Scope: member, Attrs: map[string]any{
		"metadata": []any{map[string]any{"name": "shop", "uid": "u", "labels": map[string]any{"team": "a"}}},
	}}))
	must(t, s.world.Create(&world.Object{
		Type: "kubernetes_secret_v1", ID: "shop/keys", Scope: member, Secrets: map[string]any{"data_wo": map[string]any{"KEY": "one"}},
		Attrs: map[string]any{"type": "Opaque", "metadata": []any{map[string]any{"name": "keys", "namespace": "shop"}}},
	}))
	return s
}

// run follows the world until the test ends.
func (s *stage) run(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- Run(ctx, s.config) }()
	t.Cleanup(func() {
		cancel()
		must(t, <-ended)
	})
}

// ask puts a release into the world as the provider does.
func (s *stage) ask(t *testing.T, name, asked string, isHere bool, attrs map[string]any) *world.Object {
	t.Helper()
	chart := ""
	if isHere {
		chart = filepath.Join(s.dir, "chart")
	}
	all := map[string]any{"name": name, "namespace": "shop", "chart": "./assets/chart", "timeout": json.Number("60"), "max_history": json.Number("5")}
	for key, value := range attrs {
		all[key] = value
	}
	object := &world.Object{
		Type: "helm_release", ID: name, Key: "shop/" + name, Scope: member, Attrs: all,
		Live: map[string]any{"asked": asked, "chart": chart},
	}
	must(t, s.world.Put(object))
	return object
}

// result is what came of a release; zero where nothing did.
func (s *stage) result(t *testing.T, object *world.Object) Result {
	t.Helper()
	all, err := store{dir: Folder(s.dir)}.all()
	must(t, err)
	return all[world.Stem(object)]
}

func (s *stage) read(name string) string {
	raw, _ := os.ReadFile(filepath.Join(s.dir, name))
	return string(raw)
}
