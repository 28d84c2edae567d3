package image

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Load imports every image archive of the folders into the runtime, as RKE2 does with its folder of images.
func Load(ctx context.Context, socket string, folders ...string) error {
	var failures []error
	for _, folder := range folders {
		archives, err := filepath.Glob(filepath.Join(folder, "*.tar"))
		if err != nil {
			return err
		}
		for _, archive := range archives {
			command := exec.CommandContext(ctx, "ctr", "--address", socket, "--namespace", "k8s.io", "images", "import", archive)
			if output, err := command.CombinedOutput(); err != nil {
				failures = append(failures, fmt.Errorf("'%s': %w: %s", archive, err, strings.TrimSpace(string(output))))
			}
		}
	}
	return errors.Join(failures...)
}

// Brought is the folder of images beside an installed program: <prefix>/share/rke2/images for <prefix>/bin/rke2.
func Brought() (string, error) {
	program, err := os.Executable()
	if err != nil {
		return "", err
	}
	return filepath.Join(filepath.Dir(filepath.Dir(program)), "share", "rke2", "images"), nil
}
