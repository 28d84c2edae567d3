package host

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

const (
	loopMajor   = 7
	loopControl = "/dev/loop-control"
	// how often another program may be quicker in taking a free device.
	mostAttempts = 64
	// disks that appear under another name have numbers from here on; a machine's own devices end well before.
	farLoop = 128
)

// loop is a block device over an image; it exists as long as its file is open or mounted somewhere.
type loop struct {
	index  int
	device *os.File
}

func (l *loop) name() string { return fmt.Sprintf("loop%d", l.index) }

func (l *loop) close() error {
	err := l.device.Close()
	if l.index >= farLoop { // the kernel keeps a device that was asked for; one that is still in use stays
		if control, err := os.OpenFile(loopControl, os.O_RDWR, 0); err == nil {
			_ = unix.IoctlSetInt(int(control.Fd()), unix.LOOP_CTL_REMOVE, l.index)
			_ = control.Close()
		}
	}
	return err
}

// grow takes notice of a larger image.
func (l *loop) grow() error { return unix.IoctlSetInt(int(l.device.Fd()), unix.LOOP_SET_CAPACITY, 0) }

// openLoop makes a block device of an image: the first free one from this number on.
func openLoop(image string, from int) (*loop, error) {
	backing, err := os.OpenFile(image, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer backing.Close() // the kernel keeps it
	free, err := os.OpenFile(loopControl, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer free.Close()
	for attempt := range mostAttempts {
		index, err := nextIndex(free, from, attempt)
		if err != nil {
			return nil, fmt.Errorf("no free loop device: %w", err)
		}
		device, err := openNode(index)
		if err != nil {
			return nil, err
		}
		config := unix.LoopConfig{Fd: uint32(backing.Fd())}
		// the device goes when nobody holds it any more, so that a lab that is killed leaves none behind
		config.Info.Flags = unix.LO_FLAGS_AUTOCLEAR
		copy(config.Info.File_name[:len(config.Info.File_name)-1], image)
		err = unix.IoctlLoopConfigure(int(device.Fd()), &config)
		if err == nil {
			return &loop{index: index, device: device}, nil
		}
		_ = device.Close()
		if !errors.Is(err, unix.EBUSY) { // busy: somebody else was quicker
			return nil, fmt.Errorf("loop device for %q: %w", image, err)
		}
	}
	return nil, fmt.Errorf("loop device for %q: others took each of %d free ones", image, mostAttempts)
}

// nextIndex is the first free number; from a number on, the device may have to be made, and may prove to be taken.
func nextIndex(control *os.File, from, attempt int) (int, error) {
	if from == 0 {
		return unix.IoctlRetInt(int(control.Fd()), unix.LOOP_CTL_GET_FREE)
	}
	index := from + attempt
	if err := unix.IoctlSetInt(int(control.Fd()), unix.LOOP_CTL_ADD, index); err != nil && !errors.Is(err, unix.EEXIST) {
		return 0, err
	}
	return index, nil
}

// openNode opens the device and makes its file where no devtmpfs does.
func openNode(index int) (*os.File, error) {
	path := fmt.Sprintf("/dev/loop%d", index)
	if _, err := os.Stat(path); os.IsNotExist(err) {
		err := unix.Mknod(path, unix.S_IFBLK|0o660, int(unix.Mkdev(loopMajor, uint32(index))))
		if err != nil && !errors.Is(err, unix.EEXIST) {
			return nil, err
		}
	}
	return os.OpenFile(path, os.O_RDWR, 0)
}
