package fleet

import "time"

// The states of an instance refresh, as AWS names them.
const (
	refreshRunning      = "InProgress"
	refreshDone         = "Successful"
	refreshFailed       = "Failed"
	refreshRollingBack  = "RollbackInProgress"
	refreshRolledBack   = "RollbackSuccessful"
	refreshRollbackLost = "RollbackFailed"
)

// refreshAttempts is how many launches in a row may fail before a refresh gives up. AWS tries for an hour.
const refreshAttempts = 3

// target is the version that the refresh replaces with now, or has decided for.
func (r *Refresh) target() Version {
	switch r.Status {
	case refreshRollingBack, refreshRolledBack, refreshRollbackLost:
		return r.From
	}
	return r.To
}

func (r *Refresh) running() bool { return r.Status == refreshRunning || r.Status == refreshRollingBack }

// current is the template version for new instances: the world's, unless a refresh to it was rolled back.
func (g *Group) current(m *model) Version {
	if g.Refresh != nil && g.Refresh.To == m.version {
		return g.Refresh.target()
	}
	return m.version
}

// startRefresh begins one when the group's template version has changed under its instances.
func (c *Controller) startRefresh(g *Group, m *model) {
	if m.refresh == nil || m.trouble != nil || g.Refresh != nil && g.Refresh.To == m.version {
		return
	}
	var from Version
	for _, one := range g.staying() {
		if one.Template != m.version {
			from = one.Template
			break
		}
	}
	if from == (Version{}) {
		return
	}
	g.Refresh = &Refresh{Status: refreshRunning, From: from, To: m.version, Started: c.config.Now()}
	c.log(g, "refresh", "", "status", g.Refresh.Status, "from", from.Version, "to", m.version.Version)
}

func (c *Controller) endRefresh(g *Group, status string) {
	g.Refresh.Status = status
	if !g.Refresh.running() {
		g.Refresh.Ended = c.config.Now()
	}
	g.Refresh.Failures = 0
	c.log(g, "refresh", "", "status", status)
}

// refreshFailure counts a launch that failed while the group is being refreshed.
func (c *Controller) refreshFailure(g *Group, m *model, version Version) {
	r := g.Refresh
	if r == nil || !r.running() || version != r.target() {
		return
	}
	if r.Failures++; r.Failures < refreshAttempts {
		return
	}
	switch {
	case r.Status == refreshRollingBack:
		c.endRefresh(g, refreshRollbackLost)
	case m != nil && m.refresh != nil && m.refresh.rollback:
		c.endRefresh(g, refreshRollingBack)
	default:
		c.endRefresh(g, refreshFailed)
	}
}

// refresh terminates as many old instances as the healthy percentage allows, and answers how many instances there may
// be beyond the desired number meanwhile.
func (c *Controller) refresh(g *Group, m *model) (extra int) {
	if g.Refresh == nil || !g.Refresh.running() || m.refresh == nil {
		return 0
	}
	var old []*Instance
	for _, one := range g.staying() {
		if one.Template != g.Refresh.target() && (!one.Protected || m.refresh.replaceProtected) {
			old = append(old, one)
		}
	}
	lowest, highest := m.refresh.bounds(g.Desired)
	ready := g.ready(c.config.Now(), time.Duration(m.refresh.warmupSec)*time.Second)
	remaining := len(old)
	for index := 0; index < len(old); index++ {
		one := old[index]
		serves := one.Lifecycle == InService && one.Health == healthy
		if serves && ready-1 < lowest {
			continue
		}
		if serves {
			ready--
		}
		remaining--
		c.leave(g, m, one, "instance refresh to version "+g.Refresh.target().Version, true)
	}
	if remaining == 0 && len(g.staying()) >= g.Desired && ready >= g.Desired {
		if g.Refresh.Status == refreshRollingBack {
			c.endRefresh(g, refreshRolledBack)
		} else {
			c.endRefresh(g, refreshDone)
		}
		return 0
	}
	return min(highest-g.Desired, remaining)
}

// bounds are the fewest healthy and the most instances during a refresh. At least one instance can always be replaced:
// with room above the desired number a new one comes first, without it an old one goes first.
func (r *refreshSettings) bounds(desired int) (lowest, highest int) {
	lowest = (desired*r.minHealthy + 99) / 100
	if r.maxHealthy <= 100 {
		return min(lowest, max(0, desired-1)), desired
	}
	return lowest, max(desired+1, desired*r.maxHealthy/100)
}

// ready counts the healthy instances that have been in service for the warm-up time.
func (g *Group) ready(now time.Time, warmup time.Duration) (count int) {
	for _, one := range g.staying() {
		if one.Lifecycle == InService && one.Health == healthy && !now.Before(one.InService.Add(warmup)) {
			count++
		}
	}
	return count
}
