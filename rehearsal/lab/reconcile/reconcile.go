package reconcile

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"drover/rehearsal/lab/host"
	"drover/rehearsal/lab/world"
)

// how long it takes until something that failed is tried again.
const retryAfter = 5 * time.Second

// Hosts are the machines that follow the world.
type Hosts interface {
	Launch(ctx context.Context, spec host.Spec) error
	Terminate(ctx context.Context, id string) error
	SetDisks(ctx context.Context, id string, disks []host.Disk) error
	SetTags(id string, tags map[string]string) error
	Machines() []host.Machine
	Holder(volume string) string
	KeepVolumes(exists func(volume string) bool) error
}

// Reconciler launches, changes and destroys machines as the world's instances come, change and go. Machines of Auto
// Scaling groups are not its business.
type Reconciler struct {
	World *world.World
	Hosts Hosts
	Log   *slog.Logger

	mutex sync.Mutex
	busy  map[string]bool
	// what each machine has been told of the world
	tags  map[string]map[string]string
	disks map[string][]host.Disk
	again chan struct{}
}

// Run follows the world until ctx ends, and waits for what is under way.
func (r *Reconciler) Run(ctx context.Context) {
	r.busy, r.again = map[string]bool{}, make(chan struct{}, 1)
	r.tags, r.disks = map[string]map[string]string{}, map[string][]host.Disk{}
	var working sync.WaitGroup
	defer working.Wait()
	changes := r.World.Changes(ctx)
	for {
		if err := r.once(ctx, &working); err != nil {
			r.Log.Error("the world can't be followed", "error", err)
			r.later(ctx)
		}
		select {
		case <-ctx.Done():
			return
		case <-changes:
		case <-r.again:
		}
	}
}

// wake asks for another look.
func (r *Reconciler) wake() {
	select {
	case r.again <- struct{}{}:
	default:
	}
}

func (r *Reconciler) later(ctx context.Context) {
	time.AfterFunc(retryAfter, func() {
		if ctx.Err() == nil {
			r.wake()
		}
	})
}

func (r *Reconciler) once(ctx context.Context, working *sync.WaitGroup) error {
	specs, err := wanted(r.World)
	if err != nil {
		return err
	}
	machines := map[string]host.Machine{}
	for _, machine := range r.Hosts.Machines() {
		if machine.State != host.Terminated {
			machines[machine.ID] = machine
		}
	}
	isWanted := map[string]bool{}
	for _, spec := range specs {
		isWanted[spec.ID] = true
	}
	addresses := map[string]string{}
	for id, machine := range machines {
		addresses[machine.Address] = id
		if machine.Group == "" && !isWanted[id] {
			r.work(ctx, working, id, func() error { return r.Hosts.Terminate(ctx, id) })
		}
	}
	for _, spec := range specs {
		if _, runs := machines[spec.ID]; runs {
			r.update(ctx, working, spec)
		} else if addresses[spec.Address] == "" && r.areFree(spec.Disks) {
			r.work(ctx, working, spec.ID, func() error {
				r.noteTags(spec)
				return r.Hosts.Launch(ctx, spec)
			})
		} // else the machine that still has the address or a disk is on its way out
	}
	return r.keepVolumes()
}

func (r *Reconciler) areFree(disks []host.Disk) bool {
	return !slices.ContainsFunc(disks, func(disk host.Disk) bool { return r.Hosts.Holder(disk.VolumeID) != "" })
}

// update brings a machine's disks and tags to what the world says.
func (r *Reconciler) update(ctx context.Context, working *sync.WaitGroup, spec host.Spec) {
	for _, disk := range spec.Disks {
		if holder := r.Hosts.Holder(disk.VolumeID); holder != "" && holder != spec.ID {
			return // the work on the holder ends with another look
		}
	}
	hasNewTags := r.hasNewTags(spec)
	r.mutex.Lock()
	told, known := r.disks[spec.ID]
	r.mutex.Unlock()
	if !hasNewTags && known && slices.Equal(told, spec.Disks) {
		return
	}
	r.work(ctx, working, spec.ID, func() error {
		if hasNewTags {
			if err := r.Hosts.SetTags(spec.ID, spec.Tags); err != nil {
				return err
			}
			r.noteTags(spec)
		}
		if err := r.Hosts.SetDisks(ctx, spec.ID, spec.Disks); err != nil {
			return err
		}
		r.mutex.Lock()
		defer r.mutex.Unlock()
		r.disks[spec.ID] = spec.Disks
		return nil
	})
}

// hasNewTags answers whether the world's tags of a machine are others than it was told last: what the machine itself has
// tagged since is not touched by looking.
func (r *Reconciler) hasNewTags(spec host.Spec) bool {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	told, known := r.tags[spec.ID]
	if !known {
		r.tags[spec.ID] = spec.Tags
	}
	return known && !maps.Equal(told, spec.Tags)
}

func (r *Reconciler) noteTags(spec host.Spec) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.tags[spec.ID] = spec.Tags
}

// work does one thing at a time for a machine; whoever comes meanwhile gets another look when it is done.
func (r *Reconciler) work(ctx context.Context, working *sync.WaitGroup, id string, do func() error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.busy[id] || ctx.Err() != nil {
		return
	}
	r.busy[id] = true
	working.Go(func() {
		err := do()
		r.mutex.Lock()
		delete(r.busy, id)
		r.mutex.Unlock()
		if err != nil {
			r.Log.Error("machine does not follow the world", "machine", id, "error", err)
			r.later(ctx)
			return
		}
		r.wake()
	})
}

func (r *Reconciler) keepVolumes() error {
	volumes, err := r.World.List("aws_ebs_volume")
	if err != nil {
		return err
	}
	others, err := standing(r.World)
	if err != nil {
		return err
	}
	return r.Hosts.KeepVolumes(func(id string) bool {
		if slices.ContainsFunc(others, func(spec host.Spec) bool { return hasDisk(spec, id) }) {
			return true
		}
		return slices.ContainsFunc(volumes, func(volume *world.Object) bool { return volume.ID == id })
	})
}
