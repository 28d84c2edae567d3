package image

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestTheDistributionsOwnSourcesAreTakenAndOtherVendorsAreNot(t *testing.T) {
	etc := t.TempDir()
	write(t, filepath.Join(etc, "sources.list"), `
# deb http://old.example/debian bookworm main
deb [arch=amd64] http://mirror.example/debian bookworm main contrib
deb http://mirror.example/debian bookworm-backports main
deb-src http://mirror.example/debian bookworm main
`)
	write(t, filepath.Join(etc, "sources.list.d", "debian.sources"), `Types: deb
# a remark
URIs: http://deb.example/security
Suites: bookworm-security bookworm-proposed
Components: main
Signed-By: /usr/share/keyrings/debian.gpg

Types: deb
URIs: http://deb.example/switched-off
Suites: bookworm
Components: main
Enabled: no
`)
	write(t, filepath.Join(etc, "sources.list.d", "vendor.list"), "deb https://vendor.example/apt stable main\n")

	got, err := sources(etc, "bookworm")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"deb [signed-by=/usr/share/keyrings/debian.gpg] http://deb.example/security bookworm-security main",
		"deb [arch=amd64] http://mirror.example/debian bookworm main contrib",
	}
	if !slices.Equal(got, want) {
		t.Fatalf("got %q", got)
	}
}

func TestAMachineWithoutASourceOfItsReleaseIsRefused(t *testing.T) {
	etc := t.TempDir()
	_, err := sources(etc, "bookworm")
	if err == nil || !strings.HasPrefix(err.Error(), `no apt source of "bookworm" in "`+etc+`"`) {
		t.Fatalf("got %v", err)
	}
}

func TestTheLabsFilesMarkTheirScriptsAndMaskTheirUnits(t *testing.T) {
	root := t.TempDir()
	write(t, filepath.Join(root, "etc/systemd/system/multi-user.target.wants/containerd.service"), "")
	if err := furnish(root); err != nil {
		t.Fatal(err)
	}
	script, err := os.Stat(filepath.Join(root, "usr/local/lib/drover-lab/guard.sh"))
	if err != nil || script.Mode().Perm() != 0o755 {
		t.Fatalf("guard.sh: %v %v", script, err)
	}
	if to, err := os.Readlink(filepath.Join(root, "etc/systemd/system/apt-daily.timer")); to != "/dev/null" {
		t.Fatalf("apt-daily.timer leads to %q, %v", to, err)
	}
	if exists(filepath.Join(root, "etc/systemd/system/multi-user.target.wants/containerd.service")) {
		t.Fatal("containerd is still wanted")
	}
}

func TestAPatchThatDoesNotFitItsPackageIsAnError(t *testing.T) {
	root := t.TempDir()
	write(t, filepath.Join(root, patches[0].file), `uuid = load_file("/sys/hypervisor/uuid").strip()`)
	if err := patch(root); err != nil {
		t.Fatal(err)
	}
	got, _ := os.ReadFile(filepath.Join(root, patches[0].file))
	if string(got) != `uuid = load_file("/etc/drover-lab/hypervisor-uuid").strip()` {
		t.Fatalf("got %q", got)
	}
	if err := patch(root); err == nil || !strings.Contains(err.Error(), "the patch must follow the package") {
		t.Fatalf("got %v", err)
	}
}
