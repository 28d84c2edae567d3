package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"drover/rehearsal/lab/enclosure"
	"drover/rehearsal/lab/host"
	"drover/rehearsal/lab/image"
)

// programs of the machine that the lab is made of, each with its package.
var programs = map[string]string{
	"systemd-nspawn": "systemd-container", "mmdebstrap": "mmdebstrap", "ip": "iproute2",
}

// run keeps a lab: it makes the image while there still is a way out, starts the rest in namespaces of its own, and
// clears up after it.
func run(arguments []string) (int, error) {
	o, err := parse(arguments)
	if err != nil {
		return 0, err
	}
	if err := checkMachine(); err != nil {
		return 0, err
	}
	for _, folder := range []string{o.lab(), o.programs, o.artifacts, filepath.Join(o.lab(), "log")} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return 0, err
		}
	}
	unlock, err := lock(o.lab(), 0)
	if err != nil {
		return 0, err
	}
	defer unlock()
	groups, err := host.OpenCgroups(groupName(o.lab()))
	if err != nil {
		return 0, err
	}
	groups.RemoveAll()
	if err := removeReady(o); err != nil { // one that a killed lab left
		return 0, err
	}
	log, closeLog, err := openLog(o.lab())
	if err != nil {
		return 0, err
	}
	defer closeLog()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	folder, err := image.Ensure(ctx, o.cache, log)
	if err != nil {
		return 0, err
	}
	loadModules(ctx)
	if err := raiseLimits(o.lab()); err != nil {
		return 0, err
	}
	stop() // from here on signals are passed on
	code, err := enclosure.Run(o.inside(folder))
	groups.RemoveAll()
	log.Info("the lab has ended", "code", code)
	return code, errors.Join(err, removeIfThere(filepath.Join(o.lab(), "control.sock")), removeReady(o),
		restoreLimits(o.lab()))
}

func removeReady(o options) error {
	if o.readyFile == "" {
		return nil
	}
	return removeIfThere(o.readyFile)
}

func checkMachine() error {
	if os.Geteuid() != 0 {
		return errors.New("hosts need root: they have disks, networks and mounts of their own")
	}
	for program, owner := range programs {
		if _, err := exec.LookPath(program); err != nil {
			return fmt.Errorf("%q is missing: install the package %q", program, owner)
		}
	}
	return nil
}

// groupName is the lab's folder in the control groups.
func groupName(lab string) string {
	sum := sha256.Sum256([]byte(lab))
	return "drover-lab-" + hex.EncodeToString(sum[:4])
}

// lock makes sure that one lab runs in a workspace; it waits for the end of another one at most this long.
func lock(lab string, wait time.Duration) (func(), error) {
	file, err := os.OpenFile(filepath.Join(lab, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	for deadline := time.Now().Add(wait); ; time.Sleep(100 * time.Millisecond) {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return func() { _ = file.Close() }, nil
		}
		if time.Now().After(deadline) {
			_ = file.Close()
			return nil, fmt.Errorf("a lab runs in %q: end it with \"drover-lab down\"", lab)
		}
	}
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return err
	}
	return nil
}
