package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"drover/rehearsal/kube/image"
)

// build compiles the programs and lays the tree out as the release's archive has it.
func build(ctx context.Context, source, work, version, digest string) (string, error) {
	tree := filepath.Join(work, "tree")
	if err := os.CopyFS(tree, os.DirFS(filepath.Join(source, "pack", "tree"))); err != nil {
		return "", err
	}
	flags := []string{"-s", "-w"}
	for _, setting := range []string{
		"drover/rehearsal/kube/version.Version=" + version,
		"drover/rehearsal/kube/version.Source=" + digest[:40],
		"k8s.io/component-base/version.gitVersion=" + version,
		"k8s.io/component-base/version.gitMajor=1",
		"k8s.io/component-base/version.gitMinor=" + kubernetesMinor,
		"k8s.io/component-base/version.gitTreeState=clean",
		"k8s.io/client-go/pkg/version.gitVersion=" + version,
	} {
		flags = append(flags, "-X", setting)
	}
	if err := compile(ctx, source, ".", filepath.Join(tree, "bin", "rke2"), flags); err != nil {
		return "", err
	}
	pause := filepath.Join(work, "pause")
	if err := compile(ctx, source, "./image/pause", pause, []string{"-s", "-w"}); err != nil {
		return "", err
	}
	return tree, writePause(pause, filepath.Join(tree, "share", "rke2", "images", "pause.tar"))
}

func compile(ctx context.Context, source, target, to string, flags []string) error {
	command := exec.CommandContext(ctx, "nice", "-n", "5", "go", "build", "-trimpath", "-buildvcs=false",
		"-ldflags", strings.Join(flags, " "), "-o", to, target)
	command.Dir = source
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64")
	command.Stderr = os.Stderr
	if err := command.Run(); err != nil {
		return fmt.Errorf("go build of '%s': %w", target, err)
	}
	return nil
}

func writePause(program, to string) error {
	content, err := os.ReadFile(program)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	file, err := os.Create(to)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := image.Write(file, image.Pause, "amd64", "/pause", content); err != nil {
		return err
	}
	return file.Close()
}
