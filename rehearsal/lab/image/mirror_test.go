package image

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func aMirror(t *testing.T) mirror {
	t.Helper()
	m := mirror{root: t.TempDir(), target: t.TempDir(), work: t.TempDir()}
	for _, line := range []string{
		"deb [signed-by=" + filepath.Join(m.work, "keys.gpg") + "] http://deb.example/debian bookworm main",
		"deb http://deb.example/debian-security bookworm-security main contrib",
		"deb http://deb.example/debian/ bookworm-updates main",
	} {
		m.entries = append(m.entries, parseEntry(line))
	}
	return m
}

func TestHostsInstallFromTheLabsMirrorWithTheDistributionsKeys(t *testing.T) {
	m := aMirror(t)
	ring := filepath.Join(m.work, "keys.gpg")
	write(t, ring, "keys")
	write(t, filepath.Join(m.root, "etc/apt/sources.list"), "deb http://deb.example/debian bookworm main")
	write(t, filepath.Join(m.root, "etc/apt/apt.conf.d/99mmdebstrap"), `Acquire::http::Proxy "http://proxy.example";`)
	if err := m.use(); err != nil {
		t.Fatal(err)
	}
	got, _ := os.ReadFile(filepath.Join(m.root, "etc/apt/sources.list"))
	want := "deb [signed-by=" + ring + "] http://packages.drover-lab.internal/0 bookworm main\n" +
		"deb http://packages.drover-lab.internal/1 bookworm-security main contrib\n" +
		"deb http://packages.drover-lab.internal/0 bookworm-updates main\n"
	if string(got) != want {
		t.Errorf("got %s", got)
	}
	if keys, _ := os.ReadFile(filepath.Join(m.root, ring)); string(keys) != "keys" {
		t.Errorf("the keys are %q", keys)
	}
	if exists(filepath.Join(m.root, "etc/apt/apt.conf.d/99mmdebstrap")) {
		t.Error("hosts would ask this machine's proxy")
	}
}

func TestAnIndexIsKeptWithTheListThatSignsItUnderTheNamesThatAptAsksFor(t *testing.T) {
	m := aMirror(t)
	state := filepath.Join(m.work, "deb.example_debian_dists_bookworm_")
	index := state + "main_binary-amd64_Packages.xz"
	write(t, index, "packages")
	sum := sha256.Sum256([]byte("packages"))
	digest := hex.EncodeToString(sum[:])
	write(t, state+"InRelease", "SHA256:\n "+digest+" 8 main/binary-amd64/Packages.xz\n")
	const key = "main/binary-amd64/Packages"
	if err := m.index("http://deb.example/debian", "bookworm", key, index); err != nil {
		t.Fatal(err)
	}
	dists := filepath.Join(m.target, "0", "dists", "bookworm")
	for _, name := range []string{"InRelease", key + ".xz", "main/binary-amd64/by-hash/SHA256/" + digest} {
		if !exists(filepath.Join(dists, name)) {
			t.Errorf("%s is missing", name)
		}
	}
	write(t, index, "other packages")
	err := m.index("http://deb.example/debian", "bookworm", key, index)
	if err == nil || err.Error() != `index "main/binary-amd64/Packages" is not the one that its suite "bookworm" has signed` {
		t.Errorf("got %v", err)
	}
	if err := m.index("http://else.example", "x", key, index); err == nil || !strings.Contains(err.Error(), "none of the sources") {
		t.Errorf("got %v", err)
	}
}
