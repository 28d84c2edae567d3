// Package image makes the root file system that all hosts of the lab start from and the mirror of packages beside it, once,
// and keeps them.
package image

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

//go:embed all:files
var files embed.FS

const (
	// how long making the file system may take.
	deadline = 20 * time.Minute
	// how often a download is tried again, and the seconds without a byte after which it is: one archive that stalls
	// would use up the deadline.
	retries, stallSec = "5", "20"
)

// Image is what is made once.
type Image struct {
	// Root is the root file system.
	Root string
	// Mirror holds the distribution's packages that hosts may install.
	Mirror string
}

// At is the image in a folder that Ensure gave.
func At(folder string) Image {
	return Image{Root: filepath.Join(folder, "root"), Mirror: filepath.Join(folder, "mirror")}
}

// Ensure gives the image's folder and makes the image if the cache does not hold it yet.
func Ensure(ctx context.Context, cache string, log *slog.Logger) (string, error) {
	release, err := codename("/etc/os-release")
	if err != nil {
		return "", err
	}
	name, err := identity(release)
	if err != nil {
		return "", err
	}
	target := filepath.Join(cache, "image-"+name)
	if _, err := os.Stat(target); err == nil {
		return target, nil
	}
	began := time.Now()
	log.Info("making the image of hosts", "folder", target, "packages", len(packages))
	if err := build(ctx, cache, target, release); err != nil {
		return "", err
	}
	log.Info("image of hosts made", "folder", target, "seconds", time.Since(began).Seconds())
	return target, nil
}

// identity changes with everything that the image is made of.
func identity(release string) (string, error) {
	sum := sha256.New()
	fmt.Fprintln(sum, release, packages, mirrored, MirrorHost, masked, enabled, disabled, patches)
	err := eachFile(func(path string, content []byte) error {
		fmt.Fprintf(sum, "%s %d %s", path, len(content), content)
		return nil
	})
	return hex.EncodeToString(sum.Sum(nil))[:12], err
}

func build(ctx context.Context, cache, target, release string) error {
	entries, err := sources("/etc/apt", release)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return err
	}
	folder, err := os.MkdirTemp(cache, ".new-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	root := At(folder).Root
	if err := bootstrap(ctx, release, root, entries); err != nil {
		return err
	}
	if err := furnish(root); err != nil {
		return err
	}
	if err := patch(root); err != nil {
		return err
	}
	if err := compile(ctx, root); err != nil {
		return err
	}
	if err := offer(ctx, folder, entries); err != nil {
		return err
	}
	if err := os.Chmod(folder, 0o755); err != nil { // hosts' own users look into it
		return err
	}
	// another lab may have been as quick
	if err := os.Rename(folder, target); err != nil && !exists(target) {
		return err
	}
	return nil
}

// offer makes the mirror and has the root file system use it.
func offer(ctx context.Context, folder string, lines []string) error {
	made := At(folder)
	work := filepath.Join(folder, "apt")
	defer os.RemoveAll(work)
	m := mirror{root: made.Root, target: made.Mirror, work: work}
	for _, line := range lines {
		m.entries = append(m.entries, parseEntry(line))
	}
	if err := m.fill(ctx); err != nil {
		return fmt.Errorf("mirror of the distribution's packages: %w", err)
	}
	return m.use()
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func bootstrap(ctx context.Context, release, root string, entries []string) error {
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	arguments := []string{
		"--variant=minbase", "--mode=root", "--format=directory", "--include=" + strings.Join(packages, ","),
		`--aptopt=Acquire::Languages "none"`, `--aptopt=Acquire::Check-Valid-Until "false"`,
		`--aptopt=APT::Install-Recommends "false"`,
		`--aptopt=Acquire::Retries "` + retries + `"`, `--aptopt=Acquire::http::Timeout "` + stallSec + `"`,
		`--aptopt=Acquire::https::Timeout "` + stallSec + `"`,
		`--dpkgopt=path-exclude=/usr/share/man/*`, `--dpkgopt=path-exclude=/usr/share/doc/*`, `--dpkgopt=path-exclude=/usr/share/locale/*`,
	}
	for _, proxy := range []string{"http", "https"} {
		if value := aptSetting(ctx, "Acquire::"+proxy+"::Proxy"); value != "" {
			arguments = append(arguments, fmt.Sprintf("--aptopt=Acquire::%s::Proxy %q", proxy, value))
		}
	}
	command := exec.CommandContext(ctx, "mmdebstrap", append(append(arguments, release, root), entries...)...)
	command.WaitDelay = 10 * time.Second
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("mmdebstrap failed: %w\n%s", err, lastLines(string(output), 15))
	}
	return nil
}

// aptSetting asks the machine's own configuration; empty if it says nothing.
func aptSetting(ctx context.Context, name string) string {
	output, err := exec.CommandContext(ctx, "apt-config", "dump", "--format", "%v", name).Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(output))
}

func lastLines(text string, count int) string {
	all := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(all[max(0, len(all)-count):], "\n")
}

// furnish adds the lab's own files and says which services run.
func furnish(root string) error {
	err := eachFile(func(path string, content []byte) error {
		mode := os.FileMode(0o644)
		if strings.HasPrefix(string(content), "#!") {
			mode = 0o755
		}
		target := filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		return os.WriteFile(target, content, mode)
	})
	if err != nil {
		return err
	}
	units := filepath.Join(root, "etc/systemd/system")
	for _, unit := range masked {
		if err := link("/dev/null", filepath.Join(units, unit)); err != nil {
			return err
		}
	}
	for unit, target := range enabled {
		if err := link("/etc/systemd/system/"+unit, filepath.Join(units, target+".wants", unit)); err != nil {
			return err
		}
	}
	for _, unit := range disabled {
		if err := os.Remove(filepath.Join(units, unit)); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	// what must differ between hosts
	keys, err := filepath.Glob(filepath.Join(root, "etc/ssh/ssh_host_*"))
	if err != nil {
		return err
	}
	for _, key := range keys {
		if err := os.Remove(key); err != nil {
			return err
		}
	}
	// mount points of what a host gets from outside
	for _, folder := range []string{"opt/drover-lab/bin", "var/lib/containerd", "var/lib/kubelet", "var/lib/rancher"} {
		if err := os.MkdirAll(filepath.Join(root, folder), 0o755); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(root, "etc/machine-id"), nil, 0o444)
}

func link(to, from string) error {
	if err := os.MkdirAll(filepath.Dir(from), 0o755); err != nil {
		return err
	}
	if err := os.Remove(from); err != nil && !os.IsNotExist(err) {
		return err
	}
	return os.Symlink(to, from)
}

// eachFile visits the lab's own files by their path in the host.
func eachFile(visit func(path string, content []byte) error) error {
	return fs.WalkDir(files, "files", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := files.ReadFile(path)
		if err != nil {
			return err
		}
		return visit(strings.TrimPrefix(path, "files/"), content)
	})
}
