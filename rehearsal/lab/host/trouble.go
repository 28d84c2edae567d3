package host

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const formatDeadline = time.Minute

// disksOf are the disks that a machine has now: none while they are unplugged.
func (h *Hosts) disksOf(g *guest) []Disk {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if g.isUnplugged {
		return nil
	}
	return g.spec.Disks
}

func (h *Hosts) isRenamed(g *guest) bool {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	return g.isRenamed
}

// renameDisks lets go of devices whose names are not those of this boot; nothing of the boot before holds them.
func (h *Hosts) renameDisks(g *guest) error {
	isRenamed := h.isRenamed(g)
	var failed []error
	for _, disk := range g.spec.Disks {
		if now := h.disks.device(disk.VolumeID); now != nil && (now.index >= farLoop) != isRenamed {
			failed = append(failed, h.disks.detach(disk.VolumeID, g.spec.ID))
		}
	}
	return errors.Join(failed...)
}

// withDisks does something to a machine's disks while nobody else starts or stops it.
func (h *Hosts) withDisks(id string, do func(g *guest, isOn bool) error) error {
	g, err := h.find(id)
	if err != nil {
		return err
	}
	g.work.Lock()
	defer g.work.Unlock()
	if h.state(g) == Terminated {
		return errTerminated(id)
	}
	if len(g.spec.Disks) == 0 {
		return errNoDisk(id)
	}
	h.mutex.Lock()
	isOn := g.container != nil
	h.mutex.Unlock()
	return do(g, isOn)
}

// letGo makes sure that the devices of a machine that is off are closed: it may have switched itself off.
func (h *Hosts) letGo(g *guest, isOn bool) error {
	if isOn {
		return errMustBeOff(g.spec.ID, h.state(g))
	}
	return h.detachAll(g)
}

// detachAll closes the devices of a machine's disks.
func (h *Hosts) detachAll(g *guest) error {
	var failed []error
	for _, disk := range g.spec.Disks {
		failed = append(failed, h.disks.detach(disk.VolumeID, g.spec.ID))
	}
	return errors.Join(failed...)
}

// Unplug takes the data disks from a machine that is off, whatever the world says, until Replug or the lab's end.
func (h *Hosts) Unplug(id string) error {
	return h.withDisks(id, func(g *guest, isOn bool) error {
		if err := h.letGo(g, isOn); err != nil {
			return err
		}
		h.mutex.Lock()
		g.isUnplugged = true
		h.mutex.Unlock()
		h.Log.Info("disks unplugged", "machine", id, "name", g.spec.Name)
		return nil
	})
}

// Replug gives a machine its own data disks back, with what was on them before SwapDisk; a running one sees them at
// once. It may have them.
func (h *Hosts) Replug(ctx context.Context, id string) error {
	return h.withDisks(id, func(g *guest, isOn bool) error {
		h.mutex.Lock()
		wasUnplugged := g.isUnplugged
		h.mutex.Unlock()
		for _, disk := range g.spec.Disks {
			if !h.disks.isSwapped(disk.VolumeID) {
				continue
			}
			if isOn && !wasUnplugged {
				return errMustBeOff(id, h.state(g))
			}
			if err := errors.Join(h.disks.detach(disk.VolumeID, id), h.disks.restore(disk.VolumeID)); err != nil {
				return err
			}
		}
		h.mutex.Lock()
		g.isUnplugged = false
		h.mutex.Unlock()
		h.Log.Info("disks back", "machine", id, "name", g.spec.Name, "running", isOn)
		if isOn && wasUnplugged {
			return h.plugIn(ctx, g)
		}
		return nil
	})
}

// SwapDisk puts a disk that somebody else has used in place of the first data disk of a machine that is off: an ext4 file
// system with a file on it. The disk itself is kept for Replug.
func (h *Hosts) SwapDisk(ctx context.Context, id string) error {
	return h.withDisks(id, func(g *guest, isOn bool) error {
		if err := h.letGo(g, isOn); err != nil {
			return err
		}
		disk := g.spec.Disks[0]
		if err := h.disks.setAside(disk); err != nil {
			return err
		}
		if err := format(ctx, h.disks.image(disk.VolumeID)); err != nil {
			return errors.Join(err, h.disks.restore(disk.VolumeID))
		}
		h.Log.Info("disk swapped", "machine", id, "name", g.spec.Name, "volume", disk.VolumeID)
		return nil
	})
}

// what lies on the disk of SwapDisk.
const foreignFile, foreignContent = "somebodys-data.txt", "what somebody else keeps here\n"

func format(ctx context.Context, image string) error {
	ctx, cancel := context.WithTimeout(ctx, formatDeadline)
	defer cancel()
	folder, err := os.MkdirTemp("", "drover-lab-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	if err := os.WriteFile(filepath.Join(folder, foreignFile), []byte(foreignContent), 0o644); err != nil {
		return err
	}
	output, err := exec.CommandContext(ctx, "mkfs.ext4", "-q", "-F", "-L", "somebodys", "-d", folder, image).CombinedOutput()
	if err != nil {
		return fmt.Errorf("mkfs.ext4 on %q: %w: %s", image, err, strings.TrimSpace(string(output)))
	}
	return nil
}

// RenameDisks gives a machine's disks other kernel names from its next boot on, or those that they usually have.
func (h *Hosts) RenameDisks(id string, isRenamed bool) error {
	return h.withDisks(id, func(g *guest, _ bool) error {
		h.mutex.Lock()
		g.isRenamed = isRenamed
		h.mutex.Unlock()
		h.Log.Info("disks renamed", "machine", id, "name", g.spec.Name, "isRenamed", isRenamed)
		return nil
	})
}

// how the file that fills a disk is called, at the top of its file system.
const fillFile = ".drover-lab-fill"

// Extents are reserved, not written, so the file takes next to nothing of the image's own space, however large the disk
// is. When a size does not fit any more, half of it may; what can't be reserved at all is written, at most 64 MiB.
const fillScript = `mount=$(findmnt --noheadings --first-only --output TARGET --source "$1") || {
	echo "the disk is not mounted" >&2
	exit 1
}
file="$mount/$2"
if [ "$3" = free ]; then
	exec rm -f "$file"
fi
size=$(df --output=avail --block-size=1 "$mount" | tail -n 1)
: >>"$file"
while [ "$size" -ge 4096 ]; do
	end=$(stat --format=%s "$file")
	fallocate --offset "$end" --length $((size / 4096 * 4096)) "$file" 2>/dev/null || size=$((size / 2))
done
head --bytes=64M /dev/zero >>"$file" 2>/dev/null
sync --file-system "$file"`

// FillDisk leaves no free byte on the file system of a running machine's first data disk, or takes the file away that
// fills it.
func (h *Hosts) FillDisk(ctx context.Context, id string, fill bool) error {
	var device *loop
	err := h.withDisks(id, func(g *guest, isOn bool) error {
		if !isOn {
			return errNotRunning(id, h.state(g))
		}
		if device = h.disks.device(g.spec.Disks[0].VolumeID); device == nil {
			return errNoDisk(id)
		}
		return nil
	})
	if err != nil {
		return err
	}
	what := "free"
	if fill {
		what = "fill"
	}
	_, err = h.Output(ctx, id, "sh", "-c", fillScript, "sh", "/dev/"+device.name(), fillFile, what)
	h.Log.Info("disk "+what, "machine", id, "device", "loop"+strconv.Itoa(device.index), "error", err)
	return err
}
