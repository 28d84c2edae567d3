package host

import (
	"os"
	"os/exec"
	"path/filepath"
)

// stateFolder is where programs keep what they know. On a machine of a data centre without a data disk all of it lies on
// a real file system: what containerd mounts below /var/lib/rancher can't lie on an overlay, and a mount at that folder
// itself would be somebody else's, which a host that leaves its cluster must not empty.
const stateFolder = "var/lib"

func (h *Hosts) realStateOf(id string) string { return filepath.Join(h.folder(id), "data", "state") }

// realState copies the image's folder before a machine boots for the first time.
func (h *Hosts) realState(g *guest) (string, error) {
	target := h.realStateOf(g.spec.ID)
	if _, err := os.Stat(target); err == nil {
		return target, nil
	}
	fresh := target + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return "", err
	}
	if err := exec.Command("cp", "--archive", filepath.Join(h.root(g).path(), stateFolder), fresh).Run(); err != nil {
		return "", err
	}
	return target, os.Rename(fresh, target)
}
