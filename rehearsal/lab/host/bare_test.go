package host

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"drover/rehearsal/lab/login"
)

// keysIn makes what the bastion would have made, and gives the authority.
func keysIn(t *testing.T, dir string) ssh.PublicKey {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"authority": pem.EncodeToMemory(block), "login.pub": []byte("ssh-ed25519 AAAA\n")} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	key, err := ssh.NewPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestAMachineOfADataCentreIsInstalledAndHasASignedHostKey(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("files of other owners need root")
	}
	dir := t.TempDir()
	authority := keysIn(t, dir)
	layer := t.TempDir()
	if err := os.Mkdir(filepath.Join(layer, "etc"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"passwd", "group", "shadow"} {
		if err := os.WriteFile(filepath.Join(layer, "etc", name), []byte("root:x:0:0\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	r := root{folder: t.TempDir(), layers: []string{t.TempDir(), layer}, keys: func() (*login.Keys, error) { return login.Open(dir) }}
	spec := Spec{Name: "kv-01", Address: "10.40.0.11", Bare: &Bare{Login: "ops", Port: 2222}}
	if err := r.seed(spec); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"etc/hostname": "kv-01\n", "etc/sudoers.d/login": "ops ALL=(ALL) NOPASSWD: ALL\n",
		"home/ops/.ssh/authorized_keys": "ssh-ed25519 AAAA\n", "etc/passwd": "root:x:0:0\nops:x:1000:1000::/home/ops:/bin/bash\n",
	} {
		if got, err := os.ReadFile(filepath.Join(r.upper(), path)); string(got) != want || err != nil {
			t.Errorf("%s: %q, %v", path, got, err)
		}
	}
	raw, err := os.ReadFile(filepath.Join(r.upper(), hostKey+"-cert.pub"))
	if err != nil {
		t.Fatal(err)
	}
	parsed, _, _, _, err := ssh.ParseAuthorizedKey(raw)
	certificate, isCertificate := parsed.(*ssh.Certificate)
	if err != nil || !isCertificate || !bytes.Equal(certificate.SignatureKey.Marshal(), authority.Marshal()) ||
		strings.Join(certificate.ValidPrincipals, " ") != "10.40.0.11 kv-01" {
		t.Errorf("certificate: %+v, %v", parsed, err)
	}
}

func TestADiskIsNamedAsItsMachineNamesIt(t *testing.T) {
	for want, disk := range map[string]Disk{
		`ENV{ID_SERIAL_SHORT}="S4X9"`:               {VolumeID: "vol-1", Serial: "S4X9"},
		`SYMLINK+="disk/by-path/pci-0000:00:07.0"`:  {VolumeID: "vol-1", Link: "by-path/pci-0000:00:07.0"},
		`nvme-Amazon_Elastic_Block_Store_vol1 nvme`: {VolumeID: "vol-1"},
	} {
		if got := disk.names(1); !strings.Contains(got, want) {
			t.Errorf("got %s, expected %s", got, want)
		}
	}
}
