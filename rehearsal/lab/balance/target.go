package balance

import (
	"context"
	"net/netip"
	"sync"
	"time"
)

// The states of a target, as AWS names them.
const (
	stateInitial   = "initial"
	stateHealthy   = "healthy"
	stateUnhealthy = "unhealthy"
	stateDraining  = "draining"
)

// group is a target group at work.
type group struct {
	balancer *Balancer

	mutex   sync.Mutex
	model   *groupModel
	targets map[netip.AddrPort]*target
	// leaving are targets that are not registered any more and still have connections.
	leaving map[*target]bool
	next    int
}

// target is one registration; its fields are guarded by the group's mutex.
type target struct {
	group   *group
	address netip.AddrPort
	zone    string
	state   string
	reason  string
	// row counts the health checks in a row that contradict the state.
	row int
	// suspect is a target that did not take a connection and has not answered since.
	suspect bool
	doubt   chan struct{}
	conns   map[*pair]bool
	stop    context.CancelFunc
}

func newGroup(b *Balancer) *group {
	return &group{balancer: b, targets: map[netip.AddrPort]*target{}, leaving: map[*target]bool{}}
}

// apply registers and deregisters targets.
func (g *group) apply(ctx context.Context, model *groupModel) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.model = model
	for address, one := range g.targets {
		if _, stays := model.targets[address]; !stays {
			delete(g.targets, address)
			g.drain(one)
		}
	}
	for address, wanted := range model.targets {
		if one := g.targets[address]; one != nil {
			one.zone = wanted.zone
			continue
		}
		watched, stop := context.WithCancel(ctx)
		one := &target{
			group: g, address: address, zone: wanted.zone, state: stateInitial,
			doubt: make(chan struct{}, 1), conns: map[*pair]bool{}, stop: stop,
		}
		g.targets[address] = one
		g.log("registered", one)
		g.balancer.running.Add(1)
		go func() {
			defer g.balancer.running.Done()
			one.watch(watched)
		}()
	}
}

// drain lets a target's connections end by themselves for the group's delay. Without connection termination they may
// stay for ever, as with AWS.
func (g *group) drain(one *target) {
	one.stop()
	one.state = stateDraining
	g.log("draining", one)
	if len(one.conns) == 0 {
		return
	}
	g.leaving[one] = true
	if g.model.terminate {
		time.AfterFunc(g.model.drain, func() { one.cut() })
	}
}

func (g *group) close() {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	for _, one := range g.targets {
		one.stop()
	}
}

// candidates are the targets for a new connection, the best first: healthy ones in turn, then the others. If none is
// healthy that means all of them in turn: a network load balancer fails open.
func (g *group) candidates(zone string) (out []*target, preserve bool) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	var good, rest []*target
	for _, one := range g.inOrder() {
		if zone != "" && one.zone != zone {
			continue
		}
		if one.state == stateHealthy && !one.suspect {
			good = append(good, one)
		} else {
			rest = append(rest, one)
		}
	}
	g.next++
	return append(turned(good, g.next), turned(rest, g.next)...), g.model.preserve
}

func turned(list []*target, by int) []*target {
	if len(list) == 0 {
		return nil
	}
	by %= len(list)
	return append(append([]*target{}, list[by:]...), list[:by]...)
}

// watch looks at a target at the group's pace until it is deregistered; a target in doubt is looked at every second.
func (t *target) watch(ctx context.Context) {
	wait := time.Duration(0)
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.doubt:
		case <-time.After(wait):
		}
		t.group.mutex.Lock()
		check, suspect := t.group.model.check, t.suspect
		t.group.mutex.Unlock()
		if !check.disabled || suspect {
			err := check.run(ctx, t.group.balancer.config.Dial, t.address)
			if ctx.Err() != nil {
				return
			}
			suspect = t.note(err)
		}
		wait = check.interval
		if suspect {
			wait = min(wait, suspectInterval*check.second)
		}
	}
}

// note counts a health check and tells whether the target is still in doubt.
func (t *target) note(err error) (suspect bool) {
	g := t.group
	g.mutex.Lock()
	defer g.mutex.Unlock()
	check := g.model.check
	if err == nil {
		t.suspect, t.reason = false, ""
	} else {
		t.reason = err.Error()
	}
	// A new target is in service after its first good health check.
	needed := check.healthy
	if t.state == stateInitial {
		needed = 1
	}
	if err != nil {
		needed = check.unhealthy
	}
	if (err == nil) == (t.state == stateHealthy) && t.state != stateInitial {
		t.row = 0
		return t.suspect
	}
	if t.row++; t.row < needed {
		return t.suspect
	}
	t.row = 0
	if err == nil {
		t.state = stateHealthy
	} else {
		t.state = stateUnhealthy
		if g.model.cutUnhealthy {
			go t.cut()
		}
	}
	g.log(t.state, t)
	return t.suspect
}

// refused tells that the target did not take a connection.
func (t *target) refused(err error) {
	g := t.group
	g.mutex.Lock()
	defer g.mutex.Unlock()
	t.reason = err.Error()
	if t.suspect {
		return
	}
	t.suspect = true
	g.log("suspect", t)
	select {
	case t.doubt <- struct{}{}:
	default:
	}
}

// hold counts a connection in; it is refused if the target has been deregistered since it was chosen.
func (t *target) hold(p *pair) bool {
	t.group.mutex.Lock()
	defer t.group.mutex.Unlock()
	if t.state == stateDraining {
		return false
	}
	t.conns[p] = true
	return true
}

func (t *target) release(p *pair) {
	t.group.mutex.Lock()
	defer t.group.mutex.Unlock()
	delete(t.conns, p)
	if len(t.conns) == 0 {
		delete(t.group.leaving, t)
	}
}

// cut resets all connections of the target.
func (t *target) cut() {
	t.group.mutex.Lock()
	var open []*pair
	for p := range t.conns {
		open = append(open, p)
	}
	t.group.mutex.Unlock()
	for _, p := range open {
		p.reset()
	}
}
