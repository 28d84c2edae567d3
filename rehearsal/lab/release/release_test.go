package release

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"drover/rehearsal/lab/cloud/registry"
	"drover/rehearsal/lab/host"
	"drover/rehearsal/lab/world"
	"drover/rehearsal/rancher/testkit"
)

func TestAReleaseIsInstalledAsItIsAskedFor(t *testing.T) {
	s := newStage(t)
	object := s.ask(t, "front", "a1", true, map[string]any{
		"atomic": true, "wait": true, "create_namespace": false, "values": []any{"port: 1\n", "port: 2\n"},
	})
	object.Secrets = map[string]any{"set_wo": []any{map[string]any{"name": "password", "value": "hidden-value"}}}
	must(t, s.world.Put(object))
	s.run(t)
	testkit.Await(t, "the release", func() bool { return s.result(t, object).Status == Deployed })

	got := s.result(t, object)
	if got.Asked != "a1" || got.Revision != 3 || got.Cluster != "shop" || got.Chart != "app" || got.Namespace != "shop" {
		t.Errorf("result %+v", got)
	}
	if len(got.Images) != 1 || got.Images[0] != (registry.Image{Name: "ghcr.io/acme/shop", Port: 8080}) {
		t.Errorf("images %v", got.Images)
	}
	commands := strings.Split(strings.TrimSpace(s.read("helm.log")), "\n")
	if len(commands) != 2 || !strings.HasSuffix(commands[0], " --dry-run=client") {
		t.Fatalf("commands %q", commands)
	}
	for _, part := range []string{
		"upgrade --install front " + s.dir + "/chart --namespace shop --output json --history-max 5 --timeout 1m0s --atomic --wait",
		"values-0.yaml --values ", "values-1.yaml --set-file password=",
	} {
		if !strings.Contains(commands[1], part) {
			t.Errorf("%q lacks %q", commands[1], part)
		}
	}
	if strings.Contains(commands[1], "hidden-value") || strings.Contains(commands[1], "--create-namespace") {
		t.Errorf("command %q", commands[1])
	}
	if s.read("values.seen") != strings.Repeat("port: 1\nport: 2\n", 2) || s.read("secret.seen") != "hidden-valuehidden-value" {
		t.Errorf("values %q, secret %q", s.read("values.seen"), s.read("secret.seen"))
	}
	if seen := s.read("kubeconfig.seen"); !strings.Contains(seen, `"server":"https://127.0.0.1:`) || !strings.Contains(seen, `"tls-server-name":"127.0.0.1"`) {
		t.Errorf("kubeconfig %s", seen)
	}
	left, err := filepath.Glob(filepath.Join(os.TempDir(), "drover-release-*"))
	must(t, err)
	if len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestHelmsOwnMessageIsTheResultAndANewRequestIsTriedAgain(t *testing.T) {
	s := newStage(t)
	object := s.ask(t, "bad", "a1", true, nil)
	s.run(t)
	testkit.Await(t, "the failure", func() bool { return s.result(t, object).Status == Failed })
	if got := s.result(t, object); got.Message != "UPGRADE FAILED: deployment is not ready" || got.Asked != "a1" {
		t.Errorf("result %+v", got)
	}
	s.ask(t, "bad", "a2", true, nil)
	testkit.Await(t, "the second failure", func() bool { got := s.result(t, object); return got.Asked == "a2" && got.Status == Failed })
}

func TestAnArgumentThatIsNotCarriedOutIsRefused(t *testing.T) {
	s := newStage(t)
	object := s.ask(t, "front", "a1", true, map[string]any{"set": []any{map[string]any{"name": "a", "value": "b"}}})
	s.run(t)
	testkit.Await(t, "the failure", func() bool { return s.result(t, object).Status == Failed })
	if got := s.result(t, object).Message; got != `the lab does not carry out "set": give it as values` {
		t.Errorf("message %q", got)
	}
}

func TestAChartThatIsNotHereIsRecorded(t *testing.T) {
	s := newStage(t)
	object := s.ask(t, "web", "a1", false, map[string]any{"chart": "ingress"})
	s.run(t)
	testkit.Await(t, "the record", func() bool { return s.result(t, object).Status == Recorded })
	if got := s.result(t, object); got.Chart != "ingress" || got.Asked != "a1" || s.read("helm.log") != "" || len(s.api.calls) != 0 {
		t.Errorf("result %+v, helm %q, calls %v", got, s.read("helm.log"), s.api.calls)
	}
	must(t, s.world.Remove(object))
	testkit.Await(t, "its end", func() bool { return s.result(t, object).Name == "" })
}

func TestAReleaseThatLeavesTheWorldIsUninstalledAndItsNeedsFollow(t *testing.T) {
	s := newStage(t)
	object := s.ask(t, "front", "a1", true, nil)
	s.run(t)
	testkit.Await(t, "the release", func() bool { return s.result(t, object).Status == Deployed })
	must(t, s.world.Remove(object))
	testkit.Await(t, "its end", func() bool { return s.result(t, object).Name == "" })
	if !strings.Contains(s.read("helm.log"), "uninstall front --namespace shop --ignore-not-found --wait") {
		t.Errorf("commands %s", s.read("helm.log"))
	}
	if s.api.at("shop /api/v1/namespaces/shop/secrets/keys") == nil {
		t.Error("a secret that the world holds was taken away")
	}
	for kind, id := range map[string]string{"kubernetes_secret_v1": "shop/keys", "kubernetes_namespace_v1": "shop"} {
		found, err := s.world.Find(kind, id)
		must(t, err)
		must(t, s.world.Remove(found))
	}
	testkit.Await(t, "the end of the namespace", func() bool {
		return s.api.at("shop /api/v1/namespaces/shop") == nil && s.api.at("shop /api/v1/namespaces/shop/secrets/keys") == nil
	})
}

func TestWithoutServersThereIsNothingToUninstallFrom(t *testing.T) {
	s := newStage(t)
	object := s.ask(t, "front", "a1", true, nil)
	s.config.Machines = func() []host.Machine { return nil }
	must(t, store{dir: Folder(s.dir)}.open())
	must(t, store{dir: Folder(s.dir)}.put(world.Stem(object), Result{Name: "front", Cluster: "shop", Status: Deployed, Asked: "a1"}))
	must(t, s.world.Remove(object))
	s.run(t)
	testkit.Await(t, "its end", func() bool { return s.result(t, object).Name == "" })
	if s.read("helm.log") != "" {
		t.Errorf("commands %s", s.read("helm.log"))
	}
}
