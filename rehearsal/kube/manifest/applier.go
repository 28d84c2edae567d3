// Package manifest applies what lies in the server's folder of manifests.
package manifest

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

const (
	roundEvery    = 2 * time.Second
	applyDeadline = 60 * time.Second
)

//go:embed charts.yaml
var chartKinds []byte

// Applier applies each file at start and whenever it changes; a file that is removed leaves its objects.
type Applier struct {
	Folder     string
	Kubectl    string
	Kubeconfig string
	applied    map[string][sha256.Size]byte
	complained map[string]string
}

// Run looks at the folder until the context ends.
func (a *Applier) Run(ctx context.Context) {
	a.applied, a.complained = map[string][sha256.Size]byte{}, map[string]string{}
	kinds := false
	for ctx.Err() == nil {
		if !kinds {
			kinds = a.apply(ctx, "the kinds of charts", chartKinds) == nil
		}
		if kinds {
			a.round(ctx)
		}
		select {
		case <-ctx.Done():
		case <-time.After(roundEvery):
		}
	}
}

func (a *Applier) round(ctx context.Context) {
	err := filepath.WalkDir(a.Folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		switch filepath.Ext(path) {
		case ".yaml", ".yml", ".json":
			a.file(ctx, path)
		}
		return nil
	})
	if err != nil && !os.IsNotExist(err) {
		slog.Warn("manifests not read", "folder", a.Folder, "why", err)
	}
}

func (a *Applier) file(ctx context.Context, path string) {
	content, err := os.ReadFile(path)
	if err == nil {
		sum := sha256.Sum256(content)
		if a.applied[path] == sum {
			return
		}
		if err = a.apply(ctx, path, content); err == nil {
			a.applied[path] = sum
			delete(a.complained, path)
			slog.Info("manifest applied", "file", path)
			report(content)
			return
		}
	}
	// every round tries again, but says the same thing once
	if a.complained[path] != err.Error() && ctx.Err() == nil {
		a.complained[path] = err.Error()
		slog.Warn("manifest not applied yet", "file", path, "why", err)
	}
}

func (a *Applier) apply(ctx context.Context, what string, content []byte) error {
	ctx, cancel := context.WithTimeout(ctx, applyDeadline)
	defer cancel()
	command := exec.CommandContext(ctx, a.Kubectl, "--kubeconfig", a.Kubeconfig, "apply", "--server-side",
		"--force-conflicts", "--field-manager", "deploy@rke2", "--filename", "-")
	command.Stdin = bytes.NewReader(content)
	if output, err := command.CombinedOutput(); err != nil {
		return errNotApplied(what, string(output), err)
	}
	return nil
}

// report says of every chart that it is only recorded: nothing here installs it.
func report(content []byte) {
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	for {
		var document struct {
			Kind     string `yaml:"kind"`
			Metadata struct {
				Name string `yaml:"name"`
			} `yaml:"metadata"`
		}
		if decoder.Decode(&document) != nil {
			return
		}
		if document.Kind == "HelmChart" || document.Kind == "HelmChartConfig" {
			slog.Info("chart recorded, not installed here", "kind", document.Kind, "name", document.Metadata.Name)
		}
	}
}

func errNotApplied(what, output string, err error) error {
	return fmt.Errorf("'%s': %w: %s", what, err, strings.TrimSpace(output))
}
