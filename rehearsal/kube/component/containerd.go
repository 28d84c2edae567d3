package component

import (
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"drover/rehearsal/kube/child"
	"drover/rehearsal/kube/image"
	"drover/rehearsal/kube/layout"
)

//go:embed containerd.toml
var containerdTemplate string

// Containerd writes the runtime's configuration and tells how it is started. The programs are the distribution's.
func Containerd(data layout.Data) (child.Program, error) {
	containerd, err := exec.LookPath("containerd")
	if err != nil {
		return child.Program{}, errNoProgram("containerd", "containerd")
	}
	runc, err := exec.LookPath("runc")
	if err != nil {
		return child.Program{}, errNoProgram("runc", "runc")
	}
	plugins, err := pluginFolder()
	if err != nil {
		return child.Program{}, err
	}
	root := data.Agent("containerd")
	if err := os.MkdirAll(root, 0o755); err != nil {
		return child.Program{}, err
	}
	snapshotter, err := snapshotterFor(root)
	if err != nil {
		return child.Program{}, err
	}
	file := data.Agent("etc", "containerd", "config.toml")
	content := strings.NewReplacer(
		"@ROOT@", root, "@PAUSE@", image.Pause, "@SNAPSHOTTER@", snapshotter, "@RUNC@", runc, "@CNI@", plugins,
	).Replace(containerdTemplate)
	if err := layout.Write(file, []byte(content), 0o600); err != nil {
		return child.Program{}, err
	}
	return child.Program{
		Name:      "containerd",
		Path:      containerd,
		Arguments: []string{"--config", file},
		LogFile:   data.Agent("containerd", "containerd.log"),
	}, nil
}

func pluginFolder() (string, error) {
	for _, folder := range []string{"/usr/lib/cni", "/opt/cni/bin", "/usr/libexec/cni"} {
		if _, err := os.Stat(filepath.Join(folder, "host-local")); err == nil {
			return folder, nil
		}
	}
	return "", errNoProgram("host-local", "containernetworking-plugins")
}

// snapshotterFor avoids an overlay on an overlay, which the kernel refuses: then images are copied.
func snapshotterFor(folder string) (string, error) {
	var found unix.Statfs_t
	if err := unix.Statfs(folder, &found); err != nil {
		return "", fmt.Errorf("'%s': %w", folder, err)
	}
	if found.Type == unix.OVERLAYFS_SUPER_MAGIC {
		return "native", nil
	}
	return "overlayfs", nil
}

func errNoProgram(name, packaged string) error {
	return fmt.Errorf("'%s' is not on this machine: install the package '%s'", name, packaged)
}
