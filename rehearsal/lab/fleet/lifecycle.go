package fleet

import (
	"slices"
	"strings"
	"time"
)

const (
	resultContinue = "CONTINUE"
	resultAbandon  = "ABANDON"
	// An action waits at most 48 hours or a hundred heartbeats, whichever is shorter.
	// https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks-overview.html
	longestWait  = 48 * time.Hour
	mostTimeouts = 100
)

// Lifecycle is what machines say of themselves through the Auto Scaling API.
type Lifecycle interface {
	// Complete ends the wait of a hook for an instance with CONTINUE or ABANDON.
	Complete(group, hook, instance, result string) error
	// Heartbeat starts the hook's timeout anew.
	Heartbeat(group, hook, instance string) error
}

// Complete ends the wait of a hook for an instance. An instance that starts goes into service once all its hooks have
// continued, and is terminated as soon as one abandons; one that leaves is terminated either way.
func (c *Controller) Complete(group, hook, instance, result string) error {
	if result != resultContinue && result != resultAbandon {
		return errResult(result)
	}
	return c.change(group, func(g *Group) error {
		one, index := g.waiting(instance, hook)
		if one == nil {
			return errNoAction(instance, hook)
		}
		c.log(g, "completed", one.ID, "hook", hook, "result", result)
		c.settle(g, one, index, result, "lifecycle hook '"+hook+"' was abandoned")
		return nil
	})
}

// Heartbeat starts the hook's timeout anew, within the longest time that an action may take.
func (c *Controller) Heartbeat(group, hook, instance string) error {
	return c.change(group, func(g *Group) error {
		one, index := g.waiting(instance, hook)
		if one == nil {
			return errNoAction(instance, hook)
		}
		wait := &one.Waits[index]
		timeout := time.Duration(wait.TimeoutSec) * time.Second
		longest := wait.Started.Add(min(longestWait, mostTimeouts*timeout))
		wait.Deadline = c.config.Now().Add(timeout)
		if wait.Deadline.After(longest) {
			wait.Deadline = longest
		}
		return nil
	})
}

func (g *Group) waiting(id, hook string) (*Instance, int) {
	one := g.find(id)
	if one == nil {
		return nil, 0
	}
	index := slices.IndexFunc(one.Waits, func(w Wait) bool { return w.Hook == hook })
	if index < 0 {
		return nil, 0
	}
	return one, index
}

// settle ends one wait of an instance.
func (c *Controller) settle(g *Group, one *Instance, index int, result, reason string) {
	one.Waits = slices.Delete(one.Waits, index, index+1)
	if result == resultAbandon {
		one.Waits = nil
		if !one.leaving() {
			c.abandon(g, one, reason)
			return
		}
	}
	if len(one.Waits) > 0 {
		return
	}
	if one.leaving() {
		one.Lifecycle = Terminating
		return
	}
	c.enterService(g, one)
}

func (c *Controller) enterService(g *Group, one *Instance) {
	one.Lifecycle = InService
	one.InService = c.config.Now()
	g.Failures.InRow, g.Failures.Next = 0, time.Time{}
	if g.Refresh != nil && one.Template == g.Refresh.target() {
		g.Refresh.Failures = 0
	}
	c.log(g, "in-service", one.ID)
}

// abandon takes away an instance that never was in service. No terminating hook waits for it: nothing runs on it.
func (c *Controller) abandon(g *Group, one *Instance, reason string) {
	one.Lifecycle, one.Reason = Terminating, reason
	c.failed(g, one, reason)
}

// leave starts the end of an instance, through the hooks that hold a machine which leaves.
func (c *Controller) leave(g *Group, m *model, one *Instance, reason string, hooks bool) {
	wasInService := one.Lifecycle == InService
	one.Lifecycle, one.Reason, one.Waits = Terminating, reason, nil
	if hooks && wasInService && m != nil {
		one.Waits = c.waits(g, m, terminating)
	}
	if len(one.Waits) > 0 {
		one.Lifecycle = TerminatingWait
	}
	c.log(g, "leaving", one.ID, "reason", reason, "lifecycle", one.Lifecycle)
}

// waits are the hooks of a transition, from now on.
func (c *Controller) waits(g *Group, m *model, transition string) []Wait {
	now := c.config.Now()
	var out []Wait
	for _, one := range m.hooks {
		if one.transition != transition || one.initial && slices.Contains(g.Replaced, one.name) {
			continue
		}
		out = append(out, Wait{
			Hook: one.name, DefaultResult: one.defaultResult, TimeoutSec: one.timeoutSec,
			Started: now, Deadline: now.Add(time.Duration(one.timeoutSec) * time.Second),
		})
	}
	slices.SortFunc(out, func(a, b Wait) int { return strings.Compare(a.Hook, b.Hook) })
	return out
}

// expire gives hooks whose time is over their default result.
func (c *Controller) expire(g *Group) {
	now := c.config.Now()
	for index := range g.Instances {
		one := &g.Instances[index]
		for {
			over := slices.IndexFunc(one.Waits, func(w Wait) bool { return !w.Deadline.After(now) })
			if over < 0 {
				break
			}
			wait := one.Waits[over]
			c.log(g, "timed-out", one.ID, "hook", wait.Hook, "result", wait.DefaultResult)
			c.settle(g, one, over, wait.DefaultResult, "lifecycle hook '"+wait.Hook+"' timed out")
		}
	}
}
