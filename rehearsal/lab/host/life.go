package host

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"time"
)

const (
	// how long a machine may take to shut down by itself before its power is cut.
	stopDeadline = 15 * time.Second
)

// Launch starts a new machine when it has a place to boot; it returns once its systemd runs, before it has booted.
func (h *Hosts) Launch(ctx context.Context, spec Spec) error {
	if spec.HopLimit == 0 {
		spec.HopLimit = 1
	}
	g := &guest{spec: spec, machine: Machine{
		ID: spec.ID, Name: spec.Name, Address: spec.Address, Zone: spec.Zone, Subnet: spec.Subnet, Region: spec.Region,
		Group: spec.Group, State: Pending, Launched: time.Now(), Profile: spec.Profile, Tags: maps.Clone(spec.Tags),
		HopLimit: spec.HopLimit, IsBare: spec.Bare != nil, Console: filepath.Join(h.Dir, "console", spec.ID+".log"),
		UserData: filepath.Join(h.Dir, "userdata", spec.ID),
	}}
	h.mutex.Lock()
	// one that never ran, or that the lab's end destroyed, may be launched again: the world still wants it
	if known := h.guests[spec.ID]; known != nil && known.machine.State != Terminated {
		h.mutex.Unlock()
		return errExists(spec.ID)
	}
	h.guests[spec.ID] = g
	h.mutex.Unlock()

	g.work.Lock()
	defer g.work.Unlock()
	err := errors.Join(
		os.MkdirAll(h.folder(spec.ID), 0o700),
		writeJSON(filepath.Join(h.folder(spec.ID), "spec.json"), spec),
		writeFile(g.machine.UserData, spec.UserData),
		h.change(g, func(*Machine) {}),
	)
	if err == nil {
		err = h.firstOn(ctx, g)
	}
	if err != nil {
		h.Log.Error("launch failed", "machine", spec.ID, "name", spec.Name, "error", err)
		return errors.Join(fmt.Errorf("launch of %q: %w", spec.ID, err), h.gone(g))
	}
	return nil
}

// firstOn switches a new machine on when it has a place to boot. The caller holds its work.
func (h *Hosts) firstOn(ctx context.Context, g *guest) error {
	if err := h.firstBoots.enter(ctx); err != nil {
		return err
	}
	if err := h.on(ctx, g); err != nil {
		h.firstBoots.leave()
		return err
	}
	go func() {
		defer h.firstBoots.leave()
		h.awaitBootstrap(g)
	}()
	return nil
}

// on gives a machine its root, cable, disks and power. The caller holds its work.
func (h *Hosts) on(ctx context.Context, g *guest) error {
	began := time.Now()
	address, err := netip.ParseAddr(g.spec.Address)
	if err != nil || !address.Is4() {
		return fmt.Errorf("address %q is not an IPv4 address", g.spec.Address)
	}
	place, err := h.Place(g.spec.Subnet)
	if err != nil {
		return err
	}
	place.HasMetadata = g.spec.Bare == nil
	files := h.root(g)
	if err := errors.Join(files.seed(g.spec), files.mount()); err != nil {
		return err
	}
	namespace, err := h.Switch.Connect(ctx, g.spec.ID, address, place)
	if err != nil {
		return err
	}
	running, err := startContainer(ctx, h.boot(g, namespace))
	if err != nil {
		return err
	}
	h.mutex.Lock()
	g.container = running
	h.mutex.Unlock()
	if err := h.change(g, func(machine *Machine) { machine.State = Running }); err != nil {
		return errors.Join(err, h.off(noTime(), g)) // nobody would look after it
	}
	h.Log.Info("power on", "machine", g.spec.ID, "name", g.spec.Name, "seconds", time.Since(began).Seconds())
	go h.watch(g, running)
	return nil
}

func (h *Hosts) root(g *guest) root {
	return root{folder: h.folder(g.spec.ID), layers: h.Layers, keys: h.Keys}
}

// watch notes that a machine went off, whoever switched it off.
func (h *Hosts) watch(g *guest, running *container) {
	<-running.ended
	h.mutex.Lock()
	isCurrent := g.container == running
	if isCurrent {
		g.container = nil
	}
	h.mutex.Unlock()
	if !isCurrent {
		return
	}
	err := h.change(g, func(machine *Machine) {
		if machine.State == Running {
			machine.State = Stopped
		}
	})
	boots, problem := running.outcome()
	h.Log.Info("power off", "machine", g.spec.ID, "name", g.spec.Name, "boots", boots, "error", errors.Join(problem, err))
}

// running is a machine that is on.
func (h *Hosts) running(id string) (*guest, *container, error) {
	g, err := h.find(id)
	if err != nil {
		return nil, nil, err
	}
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if g.container == nil {
		return g, nil, errNotRunning(id, g.machine.State)
	}
	return g, g.container, nil
}

// Start switches a machine on that is off.
func (h *Hosts) Start(ctx context.Context, id string) error {
	g, err := h.find(id)
	if err != nil {
		return err
	}
	g.work.Lock()
	defer g.work.Unlock()
	h.mutex.Lock()
	state, on, isLost := g.machine.State, g.container != nil, g.machine.Lost
	h.mutex.Unlock()
	if state == Terminated {
		return errTerminated(id)
	}
	if isLost {
		return errLost(id)
	}
	if on {
		return nil
	}
	return h.on(ctx, g)
}

// Stop shuts a machine down; its power is cut if ctx ends or it takes too long. It may be off already.
func (h *Hosts) Stop(ctx context.Context, id string) error {
	g, err := h.find(id)
	if err != nil {
		return err
	}
	g.work.Lock()
	defer g.work.Unlock()
	return h.off(ctx, g)
}

// off switches a machine off. The caller holds its work.
func (h *Hosts) off(ctx context.Context, g *guest) error {
	h.mutex.Lock()
	on := g.container
	g.container = nil
	h.mutex.Unlock()
	if on != nil {
		began := time.Now()
		bounded, cancel := context.WithTimeout(ctx, stopDeadline)
		isClean := bounded.Err() == nil && on.stop(bounded)
		cancel()
		if !isClean {
			on.kill()
		}
		h.Log.Info("power off", "machine", g.spec.ID, "name", g.spec.Name, "clean", isClean,
			"seconds", time.Since(began).Seconds())
	}
	if err := h.detachAll(g); err != nil {
		return err
	}
	return h.change(g, func(machine *Machine) {
		if machine.State != Terminated {
			machine.State = Stopped
		}
	})
}

// noTime is for a stop that asks nobody.
func noTime() context.Context {
	over, cancel := context.WithCancel(context.Background())
	cancel()
	return over
}

// Cut takes a machine's power away.
func (h *Hosts) Cut(id string) error {
	if _, _, err := h.running(id); err != nil {
		return err
	}
	return h.Stop(noTime(), id)
}

// Reboot asks a machine to restart.
func (h *Hosts) Reboot(ctx context.Context, id string) error {
	_, err := h.Output(ctx, id, "systemctl", "reboot")
	return err
}

// Terminate destroys a machine: a clean stop within a bound, then the power. Its file stays, its disks stay.
func (h *Hosts) Terminate(ctx context.Context, id string) error {
	g, err := h.find(id)
	if err != nil {
		return err
	}
	g.work.Lock()
	defer g.work.Unlock()
	return errors.Join(h.off(ctx, g), h.gone(g))
}

// gone takes away all that a machine was made of. The caller holds its work.
func (h *Hosts) gone(g *guest) error {
	ctx, cancel := context.WithTimeout(context.Background(), stopDeadline)
	defer cancel()
	id := g.spec.ID
	if h.state(g) == Terminated {
		return nil
	}
	failed := []error{h.Switch.Disconnect(ctx, id), h.root(g).unmount(), h.detachAll(g)}
	h.Cgroups.remove(id)
	failed = append(failed, os.RemoveAll(h.folder(id)), h.change(g, func(machine *Machine) { machine.State = Terminated }))
	h.Log.Info("terminated", "machine", id, "name", g.spec.Name, "error", errors.Join(failed...))
	return errors.Join(failed...)
}
