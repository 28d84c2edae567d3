// Package enclosure runs a program in namespaces of its own, so that its processes, mounts and networks end with it,
// however it ends.
package enclosure

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// Run starts the program's own First with these arguments in new namespaces and answers its exit code. A signal that asks
// to end is passed on. When this process dies, everything inside is killed.
func Run(arguments []string) (int, error) {
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	// the kernel takes the end of the thread that starts the child for the end of the parent
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	command := exec.Command(self, arguments...)
	command.Stdin, command.Stdout, command.Stderr = nil, os.Stdout, os.Stderr
	command.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: unix.CLONE_NEWNS | unix.CLONE_NEWPID | unix.CLONE_NEWNET,
		Pdeathsig:  syscall.SIGKILL,
		// a terminal's signals reach this process only, which passes them on
		Setpgid: true,
	}
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(signals)
	if err := command.Start(); err != nil {
		return 0, fmt.Errorf("namespaces of the lab: %w", err)
	}
	ended := make(chan struct{})
	defer close(ended)
	go func() {
		for {
			select {
			case <-signals:
				_ = command.Process.Signal(syscall.SIGTERM)
			case <-ended:
				return
			}
		}
	}()
	_ = command.Wait() // the state says it
	return exitCode(command.ProcessState.Sys().(syscall.WaitStatus)), nil
}

// First is the first process inside: it prepares the mounts, starts the program's own command with these arguments,
// and buries processes that lost their parents. When it ends, the kernel kills all that is left.
func First(arguments []string) (int, error) {
	if err := prepareMounts(); err != nil {
		return 0, err
	}
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	// not through os/exec: its own waiting would compete with the one for orphans
	child, err := syscall.ForkExec("/proc/self/exe", append([]string{os.Args[0]}, arguments...), &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{0, 1, 2}, Sys: &syscall.SysProcAttr{},
	})
	if err != nil {
		return 0, err
	}
	go func() {
		for range signals {
			_ = syscall.Kill(child, syscall.SIGTERM)
		}
	}()
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, 0, nil)
		switch {
		case err == syscall.EINTR:
		case err != nil:
			return 0, err
		case pid == child:
			return exitCode(status), nil
		}
	}
}

func exitCode(status syscall.WaitStatus) int {
	if status.Signaled() {
		return 128 + int(status.Signal())
	}
	return status.ExitStatus()
}

// prepareMounts hides the machine's processes and what its services keep in /run.
func prepareMounts() error {
	for _, mount := range []struct {
		source, target, kind string
		flags                uintptr
		data                 string
	}{
		{"none", "/", "", unix.MS_REC | unix.MS_PRIVATE, ""},
		{"proc", "/proc", "proc", unix.MS_NOSUID | unix.MS_NODEV | unix.MS_NOEXEC, ""},
		{"tmpfs", "/run", "tmpfs", unix.MS_NOSUID | unix.MS_NODEV, "mode=755"},
	} {
		if err := unix.Mount(mount.source, mount.target, mount.kind, mount.flags, mount.data); err != nil {
			return fmt.Errorf("mount of %q: %w", mount.target, err)
		}
	}
	return nil
}
