package image

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// where a system keeps the authorities that it trusts, as one file.
const trustBundle = "etc/ssl/certs/ca-certificates.crt"

// Layer makes a folder that, laid over the base, makes hosts trust an authority beside the public ones.
func Layer(folder, base string, authorityPEM []byte) error {
	public, err := os.ReadFile(filepath.Join(base, trustBundle))
	if err != nil {
		return fmt.Errorf("the image %q has no authorities: %w", base, err)
	}
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	var failed []error
	for name, content := range map[string][]byte{
		trustBundle: append(public, authorityPEM...),
		// update-ca-certificates, run by a package, must find it again
		"usr/local/share/ca-certificates/drover-lab.crt": authorityPEM,
	} {
		path := filepath.Join(folder, name)
		failed = append(failed, os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, content, 0o644))
	}
	return errors.Join(failed...)
}
