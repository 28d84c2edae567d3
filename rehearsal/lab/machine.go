package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// limits are counted for one user over all hosts, because they share a kernel: the defaults last for about five.
var limits = map[string]string{
	"/proc/sys/fs/inotify/max_user_instances": "8192",
	"/proc/sys/fs/inotify/max_user_watches":   "524288",
}

// limitsFile remembers what the machine had, for the case that the lab is killed.
func limitsFile(lab string) string { return filepath.Join(lab, "limits.json") }

// raiseLimits raises what is lower.
func raiseLimits(lab string) error {
	if err := restoreLimits(lab); err != nil {
		return err
	}
	before := map[string]string{}
	for path, wanted := range limits {
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		now := strings.TrimSpace(string(raw))
		if len(now) < len(wanted) || len(now) == len(wanted) && now < wanted {
			before[path] = now
		}
	}
	raw, err := json.Marshal(before)
	if err != nil {
		return err
	}
	if err := os.WriteFile(limitsFile(lab), raw, 0o600); err != nil {
		return err
	}
	for path := range before {
		if err := os.WriteFile(path, []byte(limits[path]), 0); err != nil {
			return err
		}
	}
	return nil
}

// restoreLimits gives the machine its own limits back, if a lab has raised them.
func restoreLimits(lab string) error {
	raw, err := os.ReadFile(limitsFile(lab))
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	before := map[string]string{}
	if err := json.Unmarshal(raw, &before); err != nil {
		return err
	}
	var failed []error
	for path, value := range before {
		if limits[path] != "" {
			failed = append(failed, os.WriteFile(path, []byte(value), 0))
		}
	}
	return errors.Join(append(failed, os.Remove(limitsFile(lab)))...)
}

// loadModules loads what hosts need of the kernel and can't load themselves. One that is built in, or that the kernel
// lacks, shows later as what does not work.
func loadModules(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	for _, module := range []string{"loop", "overlay", "bridge", "veth", "br_netfilter", "xfs", "fuse"} {
		_ = exec.CommandContext(ctx, "modprobe", "--quiet", module).Run()
	}
}
