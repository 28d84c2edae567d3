package release

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"drover/rehearsal/lab/world"
)

const (
	namespaceKey = "shop /api/v1/namespaces/shop"
	secretKey    = "shop /api/v1/namespaces/shop/secrets/keys"
)

func TestANamespaceAndItsSecretsAreGivenOnceAndAgainWhenTheyChange(t *testing.T) {
	s := newStage(t)
	file := filepath.Join(s.dir, "needs.json")
	n, err := openNeeds(s.config, file)
	must(t, err)
	at := place{scope: member, namespace: "shop"}
	for range 2 {
		must(t, n.ensure(context.Background(), at, "shop"))
	}
	if got := fmt.Sprint(s.api.calls); got != "[POST /api/v1/namespaces POST /api/v1/namespaces/shop/secrets]" {
		t.Errorf("calls %s", got)
	}
	if got := fmt.Sprint(s.api.at(namespaceKey)["metadata"]); got != "map[labels:map[team:a] name:shop]" {
		t.Errorf("namespace %s", got)
	}
	secret := s.api.at(secretKey)
	if fmt.Sprintf("%v %v", secret["stringData"], secret["type"]) != "map[KEY:one] Opaque" {
		t.Errorf("secret %v", secret)
	}

	object, err := s.world.Find("kubernetes_secret_v1", "shop/keys")
	must(t, err)
	object.Secrets["data_wo"] = map[string]any{"KEY": "two"}
	must(t, s.world.Put(object))
	again, err := openNeeds(s.config, file) // another lab goes on from the file
	must(t, err)
	must(t, again.follow(context.Background(), map[place]string{at: "shop"}))
	if got := fmt.Sprint(s.api.at(secretKey)["stringData"]); got != "map[KEY:two]" {
		t.Errorf("secret %s", got)
	}
	if got := fmt.Sprint(s.api.calls[2:]); got != "[POST /api/v1/namespaces/shop/secrets PUT /api/v1/namespaces/shop/secrets/keys]" {
		t.Errorf("calls %s", got)
	}
}

func TestANamespaceWithoutAReleaseThatIsHereIsLeftAlone(t *testing.T) {
	s := newStage(t)
	n, err := openNeeds(s.config, filepath.Join(s.dir, "needs.json"))
	must(t, err)
	must(t, n.follow(context.Background(), map[place]string{{scope: member, namespace: "shop"}: "shop"}))
	if len(s.api.calls) != 0 {
		t.Errorf("calls %v", s.api.calls)
	}
}

func TestAScopeMeansAMemberOrTheClusterThatPublishedItsCredential(t *testing.T) {
	s := newStage(t)
	must(t, s.world.Create(&world.Object{Type: "aws_ssm_parameter", ID: "/drover/dev/management/deployer", Scope: "eu-west-1",
		Attrs: map[string]any{"tags_all": map[string]any{"drover:cluster": "management"}}}))
	for scope, want := range map[string]string{
		member: "shop", "/drover/dev/management/deployer": "management", "/drover/none": "", "c-m-22222222": "",
	} {
		got, err := clusterOf(s.world, scope)
		must(t, err)
		if got != want {
			t.Errorf("%s means %q", scope, got)
		}
	}
}

func TestAKubeconfigWithoutItsClusterIsRefused(t *testing.T) {
	for _, text := range []string{"not JSON", `{}`, `{"clusters":[{},{}]}`, `{"clusters":[{"name":"default"}]}`} {
		if _, err := at(text, "https://10.0.0.1:6443"); err == nil {
			t.Errorf("%s is accepted", text)
		}
	}
}
