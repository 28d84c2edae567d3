package host

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"

	"golang.org/x/sys/unix"
)

// kinds of namespaces that a host has of its own; its processes' comes into force with the next child.
var kinds = []struct {
	name string
	flag int
}{
	{"uts", unix.CLONE_NEWUTS}, {"ipc", unix.CLONE_NEWIPC}, {"net", unix.CLONE_NEWNET}, {"pid", unix.CLONE_NEWPID},
	{"cgroup", unix.CLONE_NEWCGROUP}, {"mnt", unix.CLONE_NEWNS},
}

// A process's first thread can't end before it, so it must never be the one that goes into a host and stays.
func init() { runtime.LockOSThread() }

// startInside starts a command as a process of the host whose first process is leader, and as a child of the lab.
// The lab does not leave that to nsenter: a host that shuts down stops its processes for a moment, nsenter then stops
// itself with its child, nobody wakes it, and a dead child that is not collected keeps the host from ever ending.
func startInside(leader int, command *exec.Cmd) error {
	started := make(chan error, 1)
	go func() {
		// never unlocked: the thread, which belongs to the host now, ends with the goroutine
		runtime.LockOSThread()
		if err := move(leader); err != nil {
			started <- fmt.Errorf("namespaces of the host: %w", err)
			return
		}
		started <- command.Start()
	}()
	return <-started
}

// move takes the calling thread into a host.
func move(leader int) error {
	root, err := os.OpenFile(fmt.Sprintf("/proc/%d/root", leader), unix.O_PATH|unix.O_DIRECTORY, 0)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := unix.Unshare(unix.CLONE_FS); err != nil { // its root is no longer the lab's
		return err
	}
	folder, err := os.Open(fmt.Sprintf("/proc/%d/ns", leader))
	if err != nil {
		return err
	}
	defer folder.Close()
	for _, kind := range kinds {
		if err := enterKind(folder, kind.name, kind.flag); err != nil {
			return fmt.Errorf("%s: %w", kind.name, err)
		}
	}
	if err := unix.Fchdir(int(root.Fd())); err != nil {
		return err
	}
	return unix.Chroot(".")
}

func enterKind(folder *os.File, name string, flag int) error {
	namespace, err := unix.Openat(int(folder.Fd()), name, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(namespace)
	return unix.Setns(namespace, flag)
}
