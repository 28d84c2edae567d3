package host

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Cgroups are the lab's own folders in the hierarchies that a host's systemd looks at: the unified one and, on a hybrid
// machine, systemd's named one. Without a folder of its own before it starts, the systemds of all hosts would share one
// tree. The controllers' hierarchies of a hybrid machine are left alone: a host sees only the unified one.
type Cgroups struct {
	roots []string
}

// OpenCgroups finds the hierarchies and names the lab's folder in them; nothing is created yet.
func OpenCgroups(lab string) (*Cgroups, error) {
	mounts, err := hierarchies("/proc/self/mountinfo")
	if err != nil {
		return nil, err
	}
	if len(mounts) == 0 {
		return nil, fmt.Errorf("no cgroup hierarchy is mounted: systemd can't run in a host without one")
	}
	out := &Cgroups{}
	for _, mount := range mounts {
		out.roots = append(out.roots, filepath.Join(mount, lab))
	}
	return out, nil
}

// hierarchies lists where the unified and systemd's named hierarchy are mounted.
func hierarchies(mountInfo string) ([]string, error) {
	file, err := os.Open(mountInfo)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var out []string
	scanner := bufio.NewScanner(file)
	for scanner.Scan() {
		before, after, found := strings.Cut(scanner.Text(), " - ")
		fields, kind := strings.Fields(before), strings.Fields(after)
		if !found || len(fields) < 5 || len(kind) < 3 {
			continue
		}
		options := strings.Split(kind[2], ",")
		if kind[0] == "cgroup2" || kind[0] == "cgroup" && slices.Contains(options, "name=systemd") {
			out = append(out, fields[4])
		}
	}
	return out, scanner.Err()
}

// prepare makes a host's folders, empty of what an earlier run of it left, and answers the files that a process writes
// itself into.
func (c *Cgroups) prepare(id string) ([]string, error) {
	var out []string
	for _, root := range c.roots {
		folder := filepath.Join(root, id)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return nil, err
		}
		removeBelow(folder)
		out = append(out, filepath.Join(folder, "cgroup.procs"))
	}
	return out, nil
}

// remove takes a host's folders away; those in use stay.
func (c *Cgroups) remove(id string) {
	for _, root := range c.roots {
		folder := filepath.Join(root, id)
		removeBelow(folder)
		_ = os.Remove(folder)
	}
}

// RemoveAll takes away whatever an ended lab left.
func (c *Cgroups) RemoveAll() {
	for _, root := range c.roots {
		removeBelow(root)
		_ = os.Remove(root)
	}
}

// removeBelow removes empty groups, the deepest first; a group with a process stays, and the caller meets it again.
func removeBelow(folder string) {
	entries, _ := os.ReadDir(folder)
	for _, entry := range entries {
		if entry.IsDir() {
			child := filepath.Join(folder, entry.Name())
			removeBelow(child)
			_ = os.Remove(child)
		}
	}
}
