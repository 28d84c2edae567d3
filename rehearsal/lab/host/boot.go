package host

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// folders of a host that lie on a real file system: what containerd and kubelet mount can't lie on an overlay.
var realFolders = []string{"var/lib/containerd", "var/lib/kubelet"}

// Rancher's folder is on a machine's data disk where it has one. A machine of a group has none and gets a real
// folder; on any other the disk may come later, and a mount point there would look as if the disk had come.
const rancherFolder = "var/lib/rancher"

const kernelModules = "/lib/modules"

// boot makes nspawn's command for each boot of a machine.
func (h *Hosts) boot(g *guest, namespace string) boot {
	return func() (*exec.Cmd, error) {
		groups, err := h.Cgroups.prepare(g.spec.ID)
		if err != nil {
			return nil, err
		}
		see := devices{folder: h.folder(g.spec.ID)}
		if err := see.clear(); err != nil {
			return nil, err
		}
		options := []string{
			"--quiet", "--directory=" + h.root(g).path(), "--machine=" + g.spec.ID, "--boot",
			"--register=no", "--keep-unit", "--network-namespace-path=" + namespace, "--console=pipe",
			// the machine's clock and kernel modules are not a host's
			"--capability=all", "--drop-capability=CAP_SYS_TIME,CAP_SYS_MODULE",
			"--resolv-conf=off", "--timezone=off", "--link-journal=no",
			"--bind=/dev/fuse", "--bind=/dev/null:/dev/kmsg", "--bind-ro=" + escaped(h.Programs, `\:`) + ":/opt/drover-lab/bin",
		}
		options = append(options, see.binds()...)
		if _, err := os.Stat(kernelModules); err == nil { // a host finds what is loaded or built in
			options = append(options, "--bind-ro="+kernelModules)
		}
		folders := realFolders
		if g.spec.Bare != nil && len(g.spec.Disks) == 0 {
			real, err := h.realState(g)
			if err != nil {
				return nil, err
			}
			options = append(options, "--bind="+escaped(real, `\:`)+":/"+stateFolder)
		}
		if g.spec.Group != "" && len(g.spec.Disks) == 0 {
			folders = append(append([]string{}, folders...), rancherFolder)
		}
		for _, folder := range folders {
			real := filepath.Join(h.folder(g.spec.ID), "data", filepath.Base(folder))
			if err := os.MkdirAll(real, 0o755); err != nil {
				return nil, err
			}
			options = append(options, "--bind="+escaped(real, `\:`)+":/"+folder)
		}
		if err := h.renameDisks(g); err != nil {
			return nil, err
		}
		loops, err := h.attachAll(g)
		if err != nil {
			return nil, err
		}
		for _, device := range loops {
			options = append(options, "--bind=/dev/"+device.name())
		}
		if err := see.show(h.disksOf(g), loops); err != nil {
			return nil, err
		}
		return h.nspawn(g, groups, options)
	}
}

func (h *Hosts) attachAll(g *guest) ([]*loop, error) {
	var loops []*loop
	from := 0
	if h.isRenamed(g) {
		from = farLoop
	}
	for _, disk := range h.disksOf(g) {
		device, err := h.disks.attach(disk, g.spec.ID, from)
		if err != nil {
			return nil, err
		}
		loops = append(loops, device)
	}
	return loops, nil
}

// nspawn enters the host's control groups before nspawn looks at them.
func (h *Hosts) nspawn(g *guest, groups, options []string) (*exec.Cmd, error) {
	console, err := os.OpenFile(g.machine.Console, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	arguments := append([]string{"enter"}, groups...)
	arguments = append(arguments, "--", "systemd-nspawn")
	command := exec.Command(h.Self, append(arguments, options...)...)
	command.Env = []string{
		"PATH=" + os.Getenv("PATH"), "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1", "SYSTEMD_NSPAWN_API_VFS_WRITABLE=1",
		// a filter of system calls would refuse what a real machine allows, such as mounts inside of pods
		"SYSTEMD_SECCOMP=0",
	}
	command.Stdout, command.Stderr = console, console
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	return command, nil
}
