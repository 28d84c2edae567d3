package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOnlyReleasesOfTheLinkedMinorArePacked(t *testing.T) {
	for version, want := range map[string]string{
		"1.35.7":         "'--version' is '1.35.7', must be like v1.35.7+rke2r1",
		"v1.34.1+rke2r1": "but the Kubernetes that is linked here is 1.35",
	} {
		if _, err := pack(context.Background(), "..", version, t.TempDir()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", version, err)
		}
	}
}

func TestTheSameTreeGivesTheSameArchive(t *testing.T) {
	var sums []string
	for range 2 {
		tree := t.TempDir()
		for _, name := range []string{"bin/rke2", "lib/systemd/system/rke2-server.service"} {
			if err := os.MkdirAll(filepath.Dir(filepath.Join(tree, name)), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(tree, name), []byte(name), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		sum, err := writeArchive(tree, filepath.Join(t.TempDir(), "archive"))
		if err != nil {
			t.Fatal(err)
		}
		sums = append(sums, sum)
	}
	if sums[0] != sums[1] {
		t.Errorf("checksums %q", sums)
	}
}

func TestTheDigestChangesWithSourcesAndVersionButNotWithTests(t *testing.T) {
	source := t.TempDir()
	digest := func(version string) string {
		t.Helper()
		found, err := digestOf(source, version)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	write := func(name, content string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(source, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("main.go", "package main")
	first := digest("v1.35.7+rke2r1")
	write("main_test.go", "package main")
	if digest("v1.35.7+rke2r1") != first {
		t.Error("a test changes the digest")
	}
	if digest("v1.35.8+rke2r1") == first {
		t.Error("another version keeps the digest")
	}
	write("main.go", "package main // changed")
	if digest("v1.35.7+rke2r1") == first {
		t.Error("another source keeps the digest")
	}
}
