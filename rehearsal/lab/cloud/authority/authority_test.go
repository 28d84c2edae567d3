package authority

import (
	"crypto/x509"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func open(t *testing.T, dir string) *Authority {
	t.Helper()
	out, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAnAuthorityIsMadeOnceAndItsLeavesAreTrusted(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "ca")
	first, second := open(t, dir), open(t, dir)
	if string(first.PEM()) != string(second.PEM()) {
		t.Error("a second start made another authority")
	}
	const name = "a-rather-long-bucket-name-of-an-environment-0123456789.s3.eu-west-1.amazonaws.com"
	leaf, err := second.Leaf(strings.ToUpper(name) + ".")
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(first.PEM())
	if _, err := leaf.Leaf.Verify(x509.VerifyOptions{DNSName: name, Roots: roots}); err != nil {
		t.Error(err)
	}
	again, err := second.Leaf(name)
	if err != nil || again != leaf {
		t.Error("the same name got another certificate")
	}
	status, err := os.Stat(filepath.Join(dir, keyFile))
	if err != nil || status.Mode().Perm() != 0o600 {
		t.Errorf("key: %v, %v", status.Mode(), err)
	}
}

func TestAKeyOfAnotherAuthorityIsRefused(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	open(t, dir)
	open(t, other)
	if err := os.Rename(filepath.Join(other, keyFile), filepath.Join(dir, keyFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), `"ca.key" does not belong to "ca.pem"`) {
		t.Errorf("got %v", err)
	}
}
