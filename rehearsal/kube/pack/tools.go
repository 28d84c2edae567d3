package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

const (
	// helmPackage is a tool of this module, so that it is built of the same Kubernetes libraries.
	helmPackage = "helm.sh/helm/v3/cmd/helm"
	toolsFolder = "tools"
)

// packTools builds what works on the clusters from outside, beside the releases: <out>/tools/helm.
func packTools(ctx context.Context, source, out string) error {
	folder, err := filepath.Abs(filepath.Join(out, toolsFolder))
	if err != nil {
		return err
	}
	digest, err := digestOfTools(source)
	if err != nil {
		return err
	}
	program, record := filepath.Join(folder, "helm"), filepath.Join(folder, "made-of")
	recorded, err := os.ReadFile(record)
	if _, missing := os.Stat(program); err == nil && missing == nil && bytes.Equal(bytes.TrimSpace(recorded), []byte(digest)) {
		return nil
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	work, err := os.MkdirTemp(folder, ".pack-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	unfinished := filepath.Join(work, "helm")
	if err := compile(ctx, source, helmPackage, unfinished, helmFlags()); err != nil {
		return err
	}
	// a rename: the program may be running
	if err := os.Rename(unfinished, program); err != nil {
		return err
	}
	return os.WriteFile(record, []byte(digest+"\n"), 0o644)
}

// helmFlags tell Helm the Kubernetes that its libraries are of: without them it assumes 1.20 and refuses charts.
func helmFlags() []string {
	return []string{
		"-s", "-w",
		"-X", "helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor=1",
		"-X", "helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor=" + kubernetesMinor,
	}
}

// digestOfTools covers what the tools are made of: the versions of all modules, the flags, the compiler.
func digestOfTools(source string) (string, error) {
	sum := sha256.New()
	fmt.Fprintln(sum, helmPackage, helmFlags(), runtime.Version())
	for _, name := range []string{"go.mod", "go.sum"} {
		content, err := os.ReadFile(filepath.Join(source, name))
		if err != nil {
			return "", err
		}
		sum.Write(content)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
