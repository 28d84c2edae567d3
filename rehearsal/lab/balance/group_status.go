package balance

import "slices"

// inOrder are the registered targets by address; the caller holds the mutex.
func (g *group) inOrder() []*target {
	out := make([]*target, 0, len(g.targets))
	for _, one := range g.targets {
		out = append(out, one)
	}
	slices.SortFunc(out, func(a, b *target) int { return a.address.Compare(b.address) })
	return out
}

func (g *group) status() []TargetStatus {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	var out []TargetStatus
	add := func(one *target) {
		out = append(out, TargetStatus{
			Group: g.model.name, Address: one.address.String(), State: one.state, Reason: one.reason,
			Connections: len(one.conns),
		})
	}
	for _, one := range g.inOrder() {
		add(one)
	}
	for one := range g.leaving {
		add(one)
	}
	return out
}

func (g *group) log(event string, one *target) {
	fields := []any{"group", g.model.name, "target", one.address.String()}
	if one.reason != "" {
		fields = append(fields, "reason", one.reason)
	}
	g.balancer.config.Log.Info(event, fields...)
}
