package host

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

const gibibyte = 1 << 30

// disks keeps the images of volumes, one sparse file each, and the block devices of those in use.
type disks struct {
	folder string

	mutex sync.Mutex
	inUse map[string]*attachment
}

type attachment struct {
	*loop
	machine string
}

func newDisks(folder string) *disks { return &disks{folder: folder, inUse: map[string]*attachment{}} }

func (d *disks) image(volume string) string { return filepath.Join(d.folder, volume+".img") }

// attach gives a machine the volume's block device, one that is new the first free number from that one on. A volume that
// is new is empty; one that has grown is grown.
func (d *disks) attach(disk Disk, machine string, from int) (*loop, error) {
	if !strings.HasPrefix(disk.VolumeID, "vol-") || strings.ContainsRune(disk.VolumeID, '/') || disk.SizeGiB < 1 {
		return nil, fmt.Errorf("volume %q of %d GiB can't be attached: an identifier is like \"vol-0123abc\", a size is 1 or more",
			disk.VolumeID, disk.SizeGiB)
	}
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if err := d.size(disk); err != nil {
		return nil, err
	}
	if present := d.inUse[disk.VolumeID]; present != nil {
		if present.machine != machine {
			return nil, fmt.Errorf("volume %q is attached to %q, not to %q", disk.VolumeID, present.machine, machine)
		}
		return present.loop, present.grow()
	}
	device, err := openLoop(d.image(disk.VolumeID), from)
	if err != nil {
		return nil, err
	}
	d.inUse[disk.VolumeID] = &attachment{loop: device, machine: machine}
	return device, nil
}

// size makes the image at least as large as the volume; no byte of it is written.
func (d *disks) size(disk Disk) error {
	if err := os.MkdirAll(d.folder, 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(d.image(disk.VolumeID), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || info.Size() >= int64(disk.SizeGiB)*gibibyte {
		return err
	}
	return file.Truncate(int64(disk.SizeGiB) * gibibyte)
}

// holder is the machine that has the volume; empty if none.
func (d *disks) holder(volume string) string {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if present := d.inUse[volume]; present != nil {
		return present.machine
	}
	return ""
}

// detach takes a volume from its machine; the image stays.
func (d *disks) detach(volume, machine string) error {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	present := d.inUse[volume]
	if present == nil || present.machine != machine {
		return nil
	}
	delete(d.inUse, volume)
	return present.close()
}

// keep removes the images of volumes that do not exist any more and that no machine has.
func (d *disks) keep(exists func(volume string) bool) error {
	images, err := filepath.Glob(filepath.Join(d.folder, "vol-*.img*"))
	if err != nil {
		return err
	}
	var failed []error
	for _, image := range images {
		volume, _, _ := strings.Cut(filepath.Base(image), ".")
		if !exists(volume) && d.holder(volume) == "" {
			failed = append(failed, os.Remove(image))
		}
	}
	return errors.Join(failed...)
}
