// Package fleet keeps the Auto Scaling groups of the world at their desired capacity, as AWS's service would.
//
// What differs from AWS's, and why: a machine in the state "stopped" is what a power cut leaves; EC2 would call it
// impaired, so it is unhealthy only after the health check grace period; one that is "pending" is about to be switched on
// by a lab that has started anew, and is as healthy as it was; one that is gone or "terminated" is replaced at once. A terminating hook waits for machines that were in service, not for those that were abandoned or are gone:
// nothing on them could answer. Instances leave their target groups when they start to leave, and the hook does not
// wait for the connections to drain first. A rollback changes what is launched, not the group's record in the world.
// A refresh has no warm-up unless the group names one. Left out: warm pools, weights, instance requirements, capacity
// rebalancing between zones, scaling policies and schedules, ELB health checks, maximum lifetime.
package fleet

import (
	"context"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"drover/rehearsal/lab/host"
	"drover/rehearsal/lab/world"
)

// how often machines are looked at when nothing else happens.
const defaultInterval = 500 * time.Millisecond

// Config says what to keep, and with what machines.
type Config struct {
	// Workspace is the rehearsal's folder; state lies in its lab/fleet.
	Workspace string
	World     *world.World
	Fleet     host.Fleet
	// Log gets one line an event. @default - nothing is logged
	Log *slog.Logger
	// Now is the clock of hooks, grace periods and back-off. @default time.Now
	Now func() time.Time
	// Interval is how often machines are looked at. @default 500 ms
	Interval time.Duration
}

// Controller keeps all groups of a world.
type Controller struct {
	config Config
	store  store
	wake   chan struct{}
	// run starts a call of the fleet, which may take long; tests run it in place.
	run     func(func())
	running sync.WaitGroup

	mutex  sync.Mutex
	groups map[string]*Group
	models map[string]*model
	// busy are the instances that the fleet is launching or terminating.
	busy map[string]bool
	// said is the last trouble of a group that was logged, so that each is said once.
	said map[string]string
}

// Start reads the groups' state and keeps them from now on, until ctx ends.
func Start(ctx context.Context, config Config) (*Controller, error) {
	c, err := newController(config)
	if err != nil {
		return nil, err
	}
	c.run = func(call func()) {
		c.running.Add(1)
		go func() {
			defer c.running.Done()
			call()
		}()
	}
	changes := config.World.Changes(ctx)
	c.running.Add(1)
	go func() {
		defer c.running.Done()
		ticker := time.NewTicker(c.config.Interval)
		defer ticker.Stop()
		stale := true
		for {
			c.reconcile(ctx, stale)
			stale = false
			select {
			case <-ctx.Done():
				return
			case _, open := <-changes:
				if !open {
					return
				}
				stale = true
			case <-c.wake:
			case <-ticker.C:
			}
		}
	}()
	return c, nil
}

func newController(config Config) (*Controller, error) {
	if config.Workspace == "" || config.World == nil || config.Fleet == nil {
		return nil, errConfig()
	}
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.Interval == 0 {
		config.Interval = defaultInterval
	}
	c := &Controller{
		config: config,
		store:  store{dir: filepath.Join(config.Workspace, "lab", "fleet")},
		wake:   make(chan struct{}, 1),
		models: map[string]*model{},
		busy:   map[string]bool{},
		said:   map[string]string{},
	}
	var err error
	c.groups, err = c.store.load()
	return c, err
}

// Wait returns once nothing of the controller runs any more, after the context of Start has ended.
func (c *Controller) Wait() { c.running.Wait() }

// Groups are all groups that exist or still have instances, by name.
func (c *Controller) Groups() []Group {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	out := []Group{}
	for _, name := range slices.Sorted(maps.Keys(c.groups)) {
		if g := c.groups[name]; !g.Deleted || len(g.Instances) > 0 {
			out = append(out, g.copy())
		}
	}
	return out
}

// SetDesired sets a group's desired capacity, within its smallest and largest size.
func (c *Controller) SetDesired(group string, n int) error {
	return c.change(group, func(g *Group) error {
		if n < g.Min || n > g.Max {
			return errDesired(group, n, g.Min, g.Max)
		}
		c.config.Log.Info("desired", "group", group, "from", g.Desired, "to", n)
		g.Desired = n
		return nil
	})
}

// TerminateInstance ends an instance of a group; with decrement the desired capacity falls, else another is launched.
func (c *Controller) TerminateInstance(id string, decrement bool) error {
	return c.changeInstance(id, func(g *Group, one *Instance) error {
		if decrement {
			if g.Desired-1 < g.Min {
				return errDesired(g.Name, g.Desired-1, g.Min, g.Max)
			}
			g.Desired--
		}
		c.leave(g, c.models[g.Name], one, "terminated by request", true)
		return nil
	})
}

// Rebalance launches another instance in place of one that a cloud is likely to take, and terminates that one when the
// other is in service. A group without capacity_rebalance ignores it, as it does with AWS.
func (c *Controller) Rebalance(id string) error {
	return c.changeInstance(id, func(g *Group, one *Instance) error {
		if m := c.models[g.Name]; m != nil && m.rebalance {
			one.Replacing = true
			c.log(g, "rebalance", one.ID)
		}
		return nil
	})
}

func (c *Controller) change(name string, apply func(*Group) error) error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	g := c.groups[name]
	if g == nil || g.Deleted && len(g.Instances) == 0 {
		return errNoGroup(name, slices.Sorted(maps.Keys(c.groups)))
	}
	if err := apply(g); err != nil {
		return err
	}
	select {
	case c.wake <- struct{}{}:
	default: // it will look anyway
	}
	return c.store.save(g)
}

func (c *Controller) changeInstance(id string, apply func(*Group, *Instance) error) error {
	c.mutex.Lock()
	name := ""
	for _, g := range c.groups {
		if one := g.find(id); one != nil && !one.leaving() {
			name = g.Name
		}
	}
	c.mutex.Unlock()
	if name == "" {
		return errNoInstance(id)
	}
	return c.change(name, func(g *Group) error {
		one := g.find(id)
		if one == nil || one.leaving() {
			return errNoInstance(id)
		}
		return apply(g, one)
	})
}

func (c *Controller) log(g *Group, event, id string, fields ...any) {
	fields = append([]any{"group", g.Name}, fields...)
	if id != "" {
		fields = append(fields, "instance", id)
	}
	c.config.Log.Info(event, fields...)
}
