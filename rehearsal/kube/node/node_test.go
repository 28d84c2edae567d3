package node

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/fake"

	"drover/rehearsal/kube/supervisor"
)

func TestANodesPasswordIsKeptUntilTheNodeIsGone(t *testing.T) {
	ctx, api := context.Background(), fake.NewClientset(&v1.Node{ObjectMeta: metav1.ObjectMeta{Name: "w1"}})
	keeper := &Keeper{API: api, Node: "s1"}
	if err := ClaimPassword(ctx, api, "w1", "first"); err != nil {
		t.Fatal(err)
	}
	if err := keeper.round(ctx); err != nil {
		t.Fatal(err)
	}
	if err := ClaimPassword(ctx, api, "w1", "first"); err != nil {
		t.Errorf("the same machine: %v", err)
	}
	err := ClaimPassword(ctx, api, "w1", "second")
	if !errors.Is(err, supervisor.ErrRefused) || !strings.Contains(err.Error(), "the one that node 'w1' joined with") {
		t.Errorf("another machine: %v", err)
	}
	if err := api.CoreV1().Nodes().Delete(ctx, "w1", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := keeper.round(ctx); err != nil {
		t.Fatal(err)
	}
	if err := CheckPassword(ctx, api, "w1", "second"); err != nil {
		t.Errorf("after the node is gone: %v", err)
	}
}

func TestAServerMarksItsOwnNodeOnly(t *testing.T) {
	ctx := context.Background()
	api := fake.NewClientset(
		&v1.Node{ObjectMeta: metav1.ObjectMeta{Name: "s1"}}, &v1.Node{ObjectMeta: metav1.ObjectMeta{Name: "w1"}})
	keeper := &Keeper{API: api, Node: "s1", Member: "s1-12345678", Address: "10.0.0.1"}
	if err := keeper.round(ctx); err != nil {
		t.Fatal(err)
	}
	own, err := api.CoreV1().Nodes().Get(ctx, "s1", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if own.Labels[labelEtcd] != "true" || own.Labels[labelControlPlane] != "true" ||
		own.Annotations[annotationMember] != "s1-12345678" || !slices.Contains(own.Finalizers, finalizer) {
		t.Errorf("own node: %+v", own.ObjectMeta)
	}
	other, err := api.CoreV1().Nodes().Get(ctx, "w1", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(other.Labels)+len(other.Finalizers) != 0 {
		t.Errorf("other node: %+v", other.ObjectMeta)
	}
}

func TestAMachineKeepsItsPassword(t *testing.T) {
	path := filepath.Join(t.TempDir(), "node", "password")
	first, err := OwnPassword(path)
	if err != nil {
		t.Fatal(err)
	}
	second, err := OwnPassword(path)
	if err != nil || second != first || len(first) != 32 {
		t.Errorf("first %q, then %q, %v", first, second, err)
	}
	if found, err := os.Stat(path); err != nil || found.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", found.Mode(), err)
	}
}

func TestARotatedTokenIsKeptForTheOtherServers(t *testing.T) {
	ctx, api := context.Background(), fake.NewClientset()
	for _, secret := range []string{"", "one", "two"} {
		if secret != "" {
			if err := KeepToken(ctx, api, secret); err != nil {
				t.Fatal(err)
			}
		}
		if kept, err := KeptToken(ctx, api); err != nil || kept != secret {
			t.Errorf("kept %q, %v; want %q", kept, err, secret)
		}
	}
}
