package nodes

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"

	"drover/rehearsal/lab/host"
	"drover/rehearsal/rancher/testkit"
)

func (b *bench) expectReport(want string) {
	b.t.Helper()
	if got := b.reported(); got != want {
		b.t.Errorf("reported %s, expected %s", got, want)
	}
}

func TestTheReportSaysHowTheClusterIs(t *testing.T) {
	b := start(t, both)
	b.round()
	b.expectReport(`{"name":"shop","ready":false,"nodes":[]}`)
	b.node("dev-shop-s1", "aws:///eu-west-1a/i-51", "True")
	b.node("dev-shop-s0", "aws:///eu-west-1b/i-f1", "False")
	b.round() // initialises: the next look sees it
	b.round()
	nodes := `"nodes":[{"name":"dev-shop-s0","ready":false,"providerID":"aws:///eu-west-1b/i-f1"},` +
		`{"name":"dev-shop-s1","ready":true,"providerID":"aws:///eu-west-1a/i-51"}]}`
	b.expectReport(`{"name":"shop","ready":true,` + nodes)

	b.web.Close()
	if err := b.keeper.round(t.Context()); err == nil {
		t.Error("an API that is gone gives no error")
	}
	b.expectReport(`{"name":"shop","ready":false,` + nodes)
}

func TestAClusterOfUninitialisedNodesIsNotReady(t *testing.T) {
	b := start(t, lifecycleController)
	b.node("dev-shop-s1", "aws:///eu-west-1a/i-51", "True")
	b.round()
	b.expectReport(`{"name":"shop","ready":false,"nodes":[{"name":"dev-shop-s1","ready":true,"providerID":"aws:///eu-west-1a/i-51"}]}`)
}

func TestTheReportGoesWithItsCluster(t *testing.T) {
	b := start(t, both)
	stale := filepath.Join(b.keeper.Workspace, reportsFolder, "old.json")
	if err := os.MkdirAll(filepath.Dir(stale), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(stale, []byte(`{"name":"old","ready":true}`), 0o600); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(b.keeper.Workspace, reportsFolder, "shop.json")
	exists := func(path string) bool {
		_, err := os.Stat(path)
		return err == nil
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	var isGone atomic.Bool
	config := b.keeper.Config
	config.Clusters = b.clusters(func() []host.Machine {
		if isGone.Load() {
			return nil
		}
		return slices.Clone(b.machines)
	})
	go func() {
		defer close(ended)
		Run(ctx, config)
	}()
	testkit.Await(t, "a report", func() bool { return exists(path) && !exists(stale) })
	isGone.Store(true)
	testkit.Await(t, "no report", func() bool { return !exists(path) })
	cancel()
	<-ended
}
