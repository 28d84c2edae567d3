package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func moduleOf(t *testing.T, dependency string) string {
	t.Helper()
	source := t.TempDir()
	write(t, filepath.Join(source, "go.mod"), "module tried\n\ngo 1.25.0\n"+dependency)
	write(t, filepath.Join(source, "go.sum"), "")
	return source
}

func TestToolsOfTheSameModulesAreNotBuiltAgain(t *testing.T) {
	source, out := moduleOf(t, ""), t.TempDir()
	digest, err := digestOfTools(source)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(out, "tools", "helm"), "built before")
	write(t, filepath.Join(out, "tools", "made-of"), digest+"\n")
	if err := packTools(context.Background(), source, out); err != nil {
		t.Fatal(err)
	}
	if content, _ := os.ReadFile(filepath.Join(out, "tools", "helm")); string(content) != "built before" {
		t.Errorf("helm is %q", content)
	}
}

func TestToolsOfOtherModulesAreBuilt(t *testing.T) {
	out := t.TempDir()
	write(t, filepath.Join(out, "tools", "helm"), "built before")
	write(t, filepath.Join(out, "tools", "made-of"), "of other modules\n")
	// the module tried here has no Helm: that it is asked for shows that a build was begun
	err := packTools(context.Background(), moduleOf(t, ""), out)
	if err == nil || !strings.Contains(err.Error(), "go build of 'helm.sh/helm/v3/cmd/helm'") {
		t.Errorf("got %v", err)
	}
}
