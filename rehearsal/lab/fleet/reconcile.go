package fleet

import (
	"context"
	"maps"
	"slices"
	"time"

	"drover/rehearsal/lab/host"
)

const (
	healthy   = "Healthy"
	unhealthy = "Unhealthy"

	launchDeadline    = 2 * time.Minute
	terminateDeadline = 2 * time.Minute
	firstBackOff      = 2 * time.Second
	longestBackOff    = time.Minute
)

// pass is one look at all groups.
type pass struct {
	*Controller
	ctx      context.Context
	machines map[string]host.Machine
	// calls are made once the groups' state is written and their lock is free.
	calls []func()
}

// reconcile brings every group a step nearer to what it should be. The world is read again only if it is stale.
func (c *Controller) reconcile(ctx context.Context, stale bool) {
	p := &pass{Controller: c, ctx: ctx, machines: map[string]host.Machine{}}
	c.mutex.Lock()
	// Under the lock: a machine whose launch has just been noted must be among them.
	for _, machine := range c.config.Fleet.Machines() {
		p.machines[machine.ID] = machine
	}
	if stale {
		if models, err := readModels(c.config.World, c.store); err == nil {
			c.models = models
		} else {
			c.trouble("", err)
		}
	}
	for name := range c.models {
		if c.groups[name] == nil {
			c.groups[name] = &Group{Name: name, Declared: -1}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.groups)) {
		g, m := c.groups[name], c.models[name]
		p.step(g, m)
		if err := c.store.save(g); err != nil {
			c.trouble(name, err)
		}
	}
	c.mutex.Unlock()
	for _, call := range p.calls {
		c.run(call)
	}
}

// step does for one group what can be done now.
func (p *pass) step(g *Group, m *model) {
	p.adopt(g, m)
	p.observe(g, m)
	p.expire(g)
	if m == nil {
		for _, one := range g.staying() {
			p.leave(g, nil, one, "the group was deleted", false)
		}
	} else {
		p.replaceUnhealthy(g, m)
		p.startRefresh(g, m)
		extra := p.refresh(g, m)
		p.capacity(g, m, extra+p.rebalance(g, m))
	}
	p.finish(g)
	p.announce(g)
}

// adopt takes over sizes and hooks from the world.
func (p *pass) adopt(g *Group, m *model) {
	if m == nil {
		if !g.Deleted {
			p.log(g, "deleted", "")
		}
		g.Deleted, g.Desired, g.Min, g.Max = true, 0, 0, 0
		return
	}
	if g.Deleted || g.Declared != m.declared {
		g.Desired, g.Declared = m.declared, m.declared
	}
	g.Deleted, g.Min, g.Max = false, m.min, m.max
	g.Desired = min(max(g.Desired, g.Min), g.Max)
	for _, one := range m.hooks {
		if !one.initial && !slices.Contains(g.Replaced, one.name) {
			g.Replaced = append(g.Replaced, one.name)
		}
	}
	slices.Sort(g.Replaced)
}

// observe finds machines that do not run. Those that are gone leave the group at once.
func (p *pass) observe(g *Group, m *model) {
	for index := range g.Instances {
		one := &g.Instances[index]
		machine, known := p.machines[one.ID]
		if p.busy[one.ID] {
			continue
		}
		if !known || machine.State == host.Terminated {
			if !one.leaving() {
				one.Health = unhealthy
				p.log(g, "lost", one.ID)
				if one.Lifecycle == InService {
					p.leave(g, m, one, "the machine is gone", false)
				} else {
					p.abandon(g, one, "the machine is gone")
				}
			}
			one.Waits, one.Lifecycle = nil, Terminating
			continue
		}
		if m == nil || one.Lifecycle != InService || slices.Contains(m.suspended, "HealthCheck") {
			continue
		}
		switch {
		case machine.State == host.Running:
			one.Health = healthy
		case machine.State == host.Pending: // the lab itself has started anew, and is switching it on
		case !p.config.Now().Before(one.InService.Add(time.Duration(m.graceSec) * time.Second)):
			if one.Health == healthy {
				p.log(g, "unhealthy", one.ID, "state", string(machine.State))
			}
			one.Health = unhealthy
		}
	}
}

func (p *pass) replaceUnhealthy(g *Group, m *model) {
	if slices.Contains(m.suspended, "ReplaceUnhealthy") || slices.Contains(m.suspended, "Terminate") {
		return
	}
	for _, one := range g.staying() {
		if one.Health == unhealthy {
			p.leave(g, m, one, "EC2 health check: the machine is '"+string(p.machines[one.ID].State)+"'", true)
		}
	}
}

// rebalance answers how many instances are needed in place of those that are about to be taken, and lets one go for
// each that has come into service.
func (p *pass) rebalance(g *Group, m *model) (extra int) {
	ready := g.ready(p.config.Now(), 0)
	for _, one := range g.staying() {
		if !one.Replacing {
			continue
		}
		if ready > g.Desired {
			ready--
			p.leave(g, m, one, "another took its place", true)
			continue
		}
		extra++
	}
	return extra
}

// capacity launches what is missing, or takes away what is too much.
func (p *pass) capacity(g *Group, m *model, extra int) {
	wanted := g.Desired + extra
	for missing := wanted - len(g.staying()); missing > 0; missing-- {
		if slices.Contains(m.suspended, "Launch") || p.config.Now().Before(g.Failures.Next) || !p.launch(g, m) {
			return
		}
	}
	for excess := len(g.staying()) - wanted; excess > 0; excess-- {
		if slices.Contains(m.suspended, "Terminate") || g.Refresh != nil && g.Refresh.running() {
			return
		}
		one := m.victim(g.staying(), g.current(m))
		if one == nil {
			return
		}
		p.leave(g, m, one, "scale-in", true)
	}
}

// finish terminates the machines that nothing waits for, and forgets those that are gone.
func (p *pass) finish(g *Group) {
	for _, one := range slices.Clone(g.Instances) {
		if one.Lifecycle != Terminating || p.busy[one.ID] {
			continue
		}
		if machine, known := p.machines[one.ID]; !known || machine.State == host.Terminated {
			p.log(g, "terminated", one.ID, "reason", one.Reason)
			g.remove(one.ID)
			continue
		}
		p.busy[one.ID] = true
		p.calls = append(p.calls, func() { p.terminate(p.ctx, g.Name, one.ID) })
	}
}

// announce tells machines their lifecycle state, which the metadata service shows.
func (p *pass) announce(g *Group) {
	for _, one := range g.Instances {
		machine, known := p.machines[one.ID]
		if !known || p.busy[one.ID] || machine.State == host.Terminated || machine.Lifecycle == one.Lifecycle {
			continue
		}
		p.calls = append(p.calls, func() {
			if err := p.config.Fleet.SetLifecycle(one.ID, one.Lifecycle); err != nil {
				p.config.Log.Warn("trouble", "group", g.Name, "instance", one.ID, "error", err.Error())
			}
		})
	}
}

// failed counts a launch that came to nothing and puts the next one off, twice as long each time.
func (c *Controller) failed(g *Group, one *Instance, reason string) {
	f := &g.Failures
	f.Total++
	f.InRow++
	f.Last = reason
	pause := longestBackOff
	if shift := f.InRow - 1; shift < 5 {
		pause = min(pause, firstBackOff<<shift)
	}
	f.Next = c.config.Now().Add(pause)
	c.log(g, "launch-failed", one.ID, "reason", reason, "inRow", f.InRow, "nextInSec", int(pause.Seconds()))
	c.refreshFailure(g, c.models[g.Name], one.Template)
}

func (c *Controller) trouble(group string, err error) {
	if c.said[group] != err.Error() {
		c.said[group] = err.Error()
		c.config.Log.Warn("trouble", "group", group, "error", err.Error())
	}
}
