package host

import (
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"drover/rehearsal/lab/login"
	"drover/rehearsal/lab/network"
)

// Config says what hosts are made of.
type Config struct {
	// Dir is the lab's folder; hosts, disks, machines and consoles lie in it.
	Dir string
	// Layers are the read-only file systems below every host's own, the uppermost first.
	Layers []string
	// Programs is bound read-only at /opt/drover-lab/bin of every host.
	Programs string
	// Self is the lab's own program: it has the command "enter".
	Self    string
	Cgroups *Cgroups
	Switch  *network.Switch
	// Place says where a subnet lies.
	Place func(subnet string) (network.Place, error)
	// Keys are those of machines that are reached by SSH.
	Keys func() (*login.Keys, error)
	Log  *slog.Logger
}

// Hosts runs machines; it is the lab's Fleet.
type Hosts struct {
	Config
	disks      *disks
	firstBoots firstBoots

	mutex  sync.Mutex
	guests map[string]*guest
}

// guest is one machine and what runs it.
type guest struct {
	// work is held while the machine is started, stopped or changed.
	work sync.Mutex
	// file is held while the machine's file is written.
	file sync.Mutex

	// what follows is guarded by Hosts.mutex
	spec      Spec
	machine   Machine
	container *container
	// a disk was taken away: the machine starts again when it has its disks
	isWaiting bool
	// its disks are not plugged in, whatever the world says
	isUnplugged bool
	// its disks get another kernel name at the next boot
	isRenamed bool
}

// New knows the machines of an earlier run of the lab; Resume switches them on again.
func New(config Config) (*Hosts, error) {
	h := &Hosts{
		Config: config, disks: newDisks(filepath.Join(config.Dir, "disks")), firstBoots: newFirstBoots(), guests: map[string]*guest{},
	}
	for _, folder := range []string{"hosts", "machines", "console", "userdata"} {
		if err := os.MkdirAll(filepath.Join(config.Dir, folder), 0o700); err != nil {
			return nil, err
		}
	}
	files, err := filepath.Glob(filepath.Join(config.Dir, "machines", "*.json"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		g := &guest{}
		if err := readJSON(file, &g.machine); err != nil {
			return nil, fmt.Errorf("machine %q: %w", file, err)
		}
		err := readJSON(filepath.Join(h.folder(g.machine.ID), "spec.json"), &g.spec)
		if err != nil && g.machine.State != Terminated { // a machine without its root file system is gone
			g.machine.State = Terminated
		}
		if g.machine.State == Running { // it was, when the lab was killed
			g.machine.State = Pending
		}
		h.guests[g.machine.ID] = g
	}
	return h, nil
}

func (h *Hosts) folder(id string) string { return filepath.Join(h.Dir, "hosts", id) }

// Machines are all machines of the lab, those that are terminated as well, in the order of their launch.
func (h *Hosts) Machines() []Machine {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	out := make([]Machine, 0, len(h.guests))
	for _, g := range h.guests {
		machine := g.machine
		machine.Tags = maps.Clone(machine.Tags)
		out = append(out, machine)
	}
	slices.SortFunc(out, func(a, b Machine) int {
		if order := a.Launched.Compare(b.Launched); order != 0 {
			return order
		}
		return strings.Compare(a.ID, b.ID)
	})
	return out
}

// Resolve finds a machine by its identifier, or the one with this name or identifier's beginning that is not terminated.
func (h *Hosts) Resolve(name string) (string, error) {
	var found []string
	for _, machine := range h.Machines() {
		if machine.ID == name {
			return name, nil
		}
		if machine.State != Terminated && (machine.Name == name || strings.HasPrefix(machine.ID, name)) {
			found = append(found, machine.ID)
		}
	}
	if len(found) != 1 {
		return "", errNoSuchMachine(name, found)
	}
	return found[0], nil
}

func (h *Hosts) find(id string) (*guest, error) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if g := h.guests[id]; g != nil {
		return g, nil
	}
	return nil, errNoSuchMachine(id, nil)
}

func (h *Hosts) state(g *guest) State {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	return g.machine.State
}

// change alters what is known of a machine and writes its file.
func (h *Hosts) change(g *guest, alter func(machine *Machine)) error {
	h.mutex.Lock()
	alter(&g.machine)
	h.mutex.Unlock()
	// a disk that is busy may hold a write up for seconds: nobody else waits for it
	g.file.Lock()
	defer g.file.Unlock()
	h.mutex.Lock()
	newest := g.machine
	newest.Tags = maps.Clone(newest.Tags)
	h.mutex.Unlock()
	return writeJSON(filepath.Join(h.Dir, "machines", newest.ID+".json"), newest)
}

// SetLifecycle notes the Auto Scaling lifecycle state.
func (h *Hosts) SetLifecycle(id, state string) error {
	g, err := h.find(id)
	if err != nil {
		return err
	}
	return h.change(g, func(machine *Machine) { machine.Lifecycle = state })
}

// SetTags adds tags to a machine's.
func (h *Hosts) SetTags(id string, tags map[string]string) error {
	g, err := h.find(id)
	if err != nil {
		return err
	}
	return h.change(g, func(machine *Machine) {
		all := maps.Clone(machine.Tags)
		if all == nil {
			all = map[string]string{}
		}
		maps.Copy(all, tags)
		machine.Tags = all
		if name := all["Name"]; name != "" {
			machine.Name = name
		}
	})
}

// Notice sets what the metadata service announces.
func (h *Hosts) Notice(id string, n Notice) {
	g, err := h.find(id)
	if err == nil {
		err = h.change(g, func(machine *Machine) { machine.Notice = &n })
	}
	if err != nil {
		h.Log.Error("notice not set", "machine", id, "error", err)
	}
}

// KeepVolumes removes the disks of volumes that do not exist any more.
func (h *Hosts) KeepVolumes(exists func(volume string) bool) error { return h.disks.keep(exists) }

// Holder is the machine that has a volume; empty if none has.
func (h *Hosts) Holder(volume string) string { return h.disks.holder(volume) }
