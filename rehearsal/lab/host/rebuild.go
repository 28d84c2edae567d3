package host

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// how long taking a package out of a root file system may take.
const purgeDeadline = 30 * time.Second

// Renewal says how a machine's replacement differs from a new machine with its disks.
type Renewal struct {
	// Wipe empties the data disks.
	Wipe bool `json:"wipe,omitempty"`
	// Without are commands whose packages are not installed.
	Without []string `json:"without,omitempty"`
}

// Rebuild replaces a machine of the world by one with the same identifier, name, address and user data, which boots as
// if for the first time. The machine before it loses its power at once; it may be off or lost already.
func (h *Hosts) Rebuild(ctx context.Context, id string, renewal Renewal) error {
	g, err := h.find(id)
	if err != nil {
		return err
	}
	g.work.Lock()
	defer g.work.Unlock()
	if g.spec.Group != "" {
		return errOfGroup(id, g.spec.Group)
	}
	if h.state(g) == Terminated {
		return errTerminated(id)
	}
	h.Log.Info("rebuild", "machine", id, "name", g.spec.Name, "wipe", renewal.Wipe, "without", renewal.Without)
	if err := h.raze(ctx, g, renewal.Wipe); err != nil {
		return err
	}
	if err := h.asNew(g); err != nil {
		return err
	}
	err = h.without(ctx, g, renewal.Without)
	if err == nil {
		err = h.on(ctx, g)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("rebuild of %q: %w", id, err),
			h.change(g, func(machine *Machine) { machine.State = Stopped }))
	}
	return nil
}

// raze takes away all that a machine has written, but for its disks unless they are wiped.
func (h *Hosts) raze(ctx context.Context, g *guest, wipe bool) error {
	id := g.spec.ID
	if err := errors.Join(h.off(noTime(), g), h.Switch.Disconnect(ctx, id), h.root(g).unmount()); err != nil {
		return err
	}
	h.Cgroups.remove(id)
	var failed []error
	for _, part := range []string{"upper", "upper.new", "work", "data"} {
		failed = append(failed, os.RemoveAll(filepath.Join(h.folder(id), part)))
	}
	for _, disk := range g.spec.Disks {
		if wipe {
			failed = append(failed, h.disks.empty(disk.VolumeID))
		}
	}
	return errors.Join(failed...)
}

// asNew forgets what the machine before has told, and what it tagged itself with.
func (h *Hosts) asNew(g *guest) error {
	h.mutex.Lock()
	g.isWaiting = false
	h.mutex.Unlock()
	return h.change(g, func(machine *Machine) {
		machine.State, machine.Launched, machine.Bootstrap = Pending, time.Now(), nil
		machine.Notice, machine.Lost = nil, false
		own := maps.Clone(machine.Tags)
		maps.DeleteFunc(own, func(key, _ string) bool { _, given := g.spec.Tags[key]; return !given })
		machine.Tags = own
	})
}

var isCommand = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._+-]*$`)

// without removes the packages that own these commands from a root file system that has not booted yet. What depends
// on them stays.
func (h *Hosts) without(ctx context.Context, g *guest, commands []string) error {
	if len(commands) == 0 {
		return nil
	}
	files := h.root(g)
	if err := errors.Join(files.seed(g.spec), files.mount()); err != nil {
		return err
	}
	for _, command := range commands {
		if !isCommand.MatchString(command) {
			return errNoCommand(command)
		}
		// an alternative or a diversion has other words before it
		owners, err := inRoot(ctx, files, "dpkg-query", "--search", "*bin/"+command)
		owner, _, _ := strings.Cut(owners, ":")
		if err != nil || !isCommand.MatchString(owner) {
			return errNoCommand(command)
		}
		if _, err := inRoot(ctx, files, "dpkg", "--purge", "--force-depends", "--force-remove-protected", owner); err != nil {
			return err
		}
		h.Log.Info("package removed", "machine", g.spec.ID, "name", g.spec.Name, "package", owner, "command", command)
	}
	return nil
}

// inRoot runs a program of a root file system that no host runs in.
func inRoot(ctx context.Context, files root, command ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, purgeDeadline)
	defer cancel()
	process := exec.CommandContext(ctx, "chroot", append([]string{files.path()}, command...)...)
	process.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive"}
	output, err := process.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s: %w: %s", strings.Join(command, " "), err, strings.TrimSpace(string(output)))
	}
	return string(output), nil
}

// Lose breaks a machine for good: its power is gone and it never starts again. It may be off already.
func (h *Hosts) Lose(id string) error {
	g, err := h.find(id)
	if err != nil {
		return err
	}
	if h.state(g) == Terminated {
		return errTerminated(id)
	}
	err = h.change(g, func(machine *Machine) {
		machine.Lost, g.isWaiting = true, false
	})
	if err != nil {
		return err
	}
	h.Log.Info("lost", "machine", id, "name", g.spec.Name)
	return h.Stop(noTime(), id)
}
