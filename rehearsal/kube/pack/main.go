// Command pack makes what an air-gapped site would serve for RKE2: <out>/<version>/rke2.linux-amd64.tar.gz and its
// checksum file; and <out>/tools/helm, which installs charts into such clusters. It does nothing when what is there was
// made of the same sources.
//
//	go run ./pack --version v1.35.7+rke2r1 --out FOLDER
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"syscall"
)

// kubernetesMinor is that of the module's k8s.io/kubernetes.
const kubernetesMinor = "35"

var release = regexp.MustCompile(`^v1\.(\d+)\.\d+\+rke2r\d+$`)

func main() {
	version := flag.String("version", "", "release to stand in for, such as v1.35.7+rke2r1")
	out := flag.String("out", "", "folder that gets a folder a release")
	source := flag.String("source", ".", "folder of this module")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	archive, err := pack(ctx, *source, *version, *out)
	if err == nil {
		err = packTools(ctx, *source, *out)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "pack: %v\n", err)
		os.Exit(1)
	}
	fmt.Println(archive)
}

func pack(ctx context.Context, source, version, out string) (string, error) {
	parts := release.FindStringSubmatch(version)
	if parts == nil {
		return "", errVersion(version)
	}
	if parts[1] != kubernetesMinor {
		return "", errMinor(version)
	}
	if out == "" {
		return "", errNoOut()
	}
	folder, err := filepath.Abs(filepath.Join(out, version))
	if err != nil {
		return "", err
	}
	digest, err := digestOf(source, version)
	if err != nil {
		return "", err
	}
	archive := filepath.Join(folder, "rke2.linux-amd64.tar.gz")
	if isMadeOf(archive, digest) {
		return archive, nil
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	work, err := os.MkdirTemp(folder, ".pack-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(work)
	tree, err := build(ctx, source, work, version, digest)
	if err != nil {
		return "", err
	}
	return archive, publish(tree, work, archive, digest)
}

func errVersion(version string) error {
	return fmt.Errorf("'--version' is '%s', must be like v1.35.7+rke2r1", version)
}

func errMinor(version string) error {
	return fmt.Errorf("'--version' is '%s', but the Kubernetes that is linked here is 1.%s: give a release of that minor", version, kubernetesMinor)
}

func errNoOut() error { return fmt.Errorf("'--out' is missing: the folder that gets the archive") }
