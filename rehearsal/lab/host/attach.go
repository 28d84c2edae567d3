package host

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"time"
)

// how long a running machine may take to see a disk.
const attachDeadline = 20 * time.Second

// SetDisks says which volumes a machine has. A new one is attached while the machine runs. One is taken away only from a
// machine that is off: it is shut down first, as Terraform asks EC2 to (stop_instance_before_detaching), and it stays
// off until its disks are set again.
func (h *Hosts) SetDisks(ctx context.Context, id string, wanted []Disk) error {
	g, err := h.find(id)
	if err != nil {
		return err
	}
	g.work.Lock()
	defer g.work.Unlock()
	before := g.spec.Disks
	if slices.Equal(before, wanted) || h.state(g) == Terminated {
		return nil
	}
	lost := slices.ContainsFunc(before, func(had Disk) bool {
		return !slices.ContainsFunc(wanted, func(has Disk) bool { return has.VolumeID == had.VolumeID })
	})
	h.mutex.Lock()
	wasOn := g.container != nil
	h.mutex.Unlock()
	if lost {
		if err := h.off(ctx, g); err != nil {
			return err
		}
	}
	h.mutex.Lock()
	g.spec.Disks = slices.Clone(wanted)
	running := g.container
	starts := g.isWaiting && !lost && len(wanted) > len(before)
	g.isWaiting = (g.isWaiting || lost && wasOn) && !starts
	h.mutex.Unlock()
	if err := writeJSON(filepath.Join(h.folder(id), "spec.json"), g.spec); err != nil {
		return err
	}
	h.Log.Info("disks", "machine", id, "name", g.spec.Name, "volumes", len(wanted), "running", running != nil)
	if starts {
		return h.on(ctx, g)
	}
	if running == nil {
		return nil
	}
	return h.plugIn(ctx, g)
}

// plugIn makes a running machine see all of its disks.
func (h *Hosts) plugIn(ctx context.Context, g *guest) error {
	ctx, cancel := context.WithTimeoutCause(ctx, attachDeadline, errLate("attaching a disk", attachDeadline))
	defer cancel()
	loops, err := h.attachAll(g)
	if err != nil {
		return err
	}
	see := devices{folder: h.folder(g.spec.ID)}
	if err := see.show(h.disksOf(g), loops); err != nil {
		return err
	}
	for _, device := range loops {
		path := "/dev/" + device.name()
		// the host's /dev is its own: nobody else makes the file there
		script := `[ -b "$1" ] || mknod -m 0660 "$1" b "$2" "$3"
			udevadm control --reload && udevadm trigger --action=add "/sys/devices/virtual/block/$4"`
		_, err := h.Output(ctx, g.spec.ID, "sh", "-c", script, "sh", path,
			strconv.Itoa(loopMajor), strconv.Itoa(device.index), device.name())
		if err != nil {
			return fmt.Errorf("disk of %q: %w", g.spec.ID, err)
		}
	}
	return nil
}
