package host

import (
	"errors"
	"fmt"
	"os"
)

// kept is where a volume's image lies while another one is in its place.
func (d *disks) kept(volume string) string { return d.image(volume) + ".kept" }

// device is the block device of a volume that is in use; nil if it is not.
func (d *disks) device(volume string) *loop {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if present := d.inUse[volume]; present != nil {
		return present.loop
	}
	return nil
}

// whenFree does something to the files of a volume that no machine has.
func (d *disks) whenFree(volume string, do func() error) error {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if present := d.inUse[volume]; present != nil {
		return fmt.Errorf("volume %q is attached to %q: its content can't be changed", volume, present.machine)
	}
	return do()
}

// empty makes a volume as new.
func (d *disks) empty(volume string) error {
	return d.whenFree(volume, func() error {
		var failed []error
		for _, path := range []string{d.image(volume), d.kept(volume)} {
			if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
				failed = append(failed, err)
			}
		}
		return errors.Join(failed...)
	})
}

// setAside puts an empty image in the place of a volume's own, which is kept; the first one that was set aside stays the
// one that is kept.
func (d *disks) setAside(disk Disk) error {
	return d.whenFree(disk.VolumeID, func() error {
		if !d.isSwapped(disk.VolumeID) {
			if err := d.size(disk); err != nil { // the machine may never have had it
				return err
			}
			if err := os.Rename(d.image(disk.VolumeID), d.kept(disk.VolumeID)); err != nil {
				return err
			}
		} else if err := os.Remove(d.image(disk.VolumeID)); err != nil && !os.IsNotExist(err) {
			return err
		}
		return d.size(disk)
	})
}

func (d *disks) isSwapped(volume string) bool {
	_, err := os.Stat(d.kept(volume))
	return err == nil
}

// restore puts a volume's own image back in its place.
func (d *disks) restore(volume string) error {
	return d.whenFree(volume, func() error { return os.Rename(d.kept(volume), d.image(volume)) })
}
