package host

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"drover/rehearsal/lab/login"
)

// how long a file system of a host that has just died may still be busy.
const unmountDeadline = 5 * time.Second

// root is a host's root file system: what it wrote, over the layers that all hosts share.
type root struct {
	folder string
	// layers, the uppermost first
	layers []string
	// keys are those of machines that are reached by SSH
	keys func() (*login.Keys, error)
}

func (r root) upper() string { return filepath.Join(r.folder, "upper") }
func (r root) path() string  { return filepath.Join(r.folder, "root") }

// seed writes what differs between hosts into a file system that no host has used yet.
func (r root) seed(spec Spec) error {
	if _, err := os.Stat(r.upper()); err == nil {
		return nil
	}
	fresh := r.upper() + ".new"
	if err := errors.Join(os.RemoveAll(fresh), os.MkdirAll(filepath.Join(fresh, "etc"), 0o755)); err != nil {
		return err
	}
	if spec.Bare != nil {
		keys, err := r.keys()
		if err == nil {
			err = r.installBare(fresh, spec, keys)
		}
		if err != nil {
			return err
		}
		return os.Rename(fresh, r.upper())
	}
	hostname := "ip-" + strings.ReplaceAll(spec.Address, ".", "-")
	for name, content := range map[string]string{
		"hostname": hostname + "\n",
		"hosts":    "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n",
		"resolv.conf": "nameserver 169.254.169.253\nsearch " + spec.Region + ".compute.internal\n" +
			"options timeout:2 attempts:3\n",
	} {
		if err := os.WriteFile(filepath.Join(fresh, "etc", name), []byte(content), 0o644); err != nil {
			return err
		}
	}
	return os.Rename(fresh, r.upper())
}

func (r root) mount() error {
	if mounted(r.path()) {
		return nil
	}
	work := filepath.Join(r.folder, "work")
	for _, folder := range []string{work, r.path()} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
	}
	lower := make([]string, 0, len(r.layers))
	for _, layer := range r.layers {
		lower = append(lower, escaped(layer, `\:,`))
	}
	options := fmt.Sprintf("lowerdir=%s,upperdir=%s,workdir=%s",
		strings.Join(lower, ":"), escaped(r.upper(), `\,`), escaped(work, `\,`))
	if err := unix.Mount("drover-lab", r.path(), "overlay", 0, options); err != nil {
		return fmt.Errorf("overlay on %q: %w: the workspace must lie on a file system that an overlay can write to (ext4, xfs, btrfs, tmpfs)",
			r.path(), err)
	}
	return nil
}

func (r root) unmount() error {
	for deadline := time.Now().Add(unmountDeadline); mounted(r.path()); time.Sleep(50 * time.Millisecond) {
		err := unix.Unmount(r.path(), 0)
		if err == nil {
			continue
		}
		if time.Now().After(deadline) {
			return unix.Unmount(r.path(), unix.MNT_DETACH)
		}
	}
	return nil
}

func escaped(path, special string) string {
	var out strings.Builder
	for _, char := range path {
		if strings.ContainsRune(special, char) {
			out.WriteByte('\\')
		}
		out.WriteRune(char)
	}
	return out.String()
}

// mounted tells a mount point by its device, which differs from its parent's.
func mounted(path string) bool {
	var own, parent unix.Stat_t
	if unix.Lstat(path, &own) != nil || unix.Lstat(filepath.Dir(path), &parent) != nil {
		return false
	}
	return own.Dev != parent.Dev
}
