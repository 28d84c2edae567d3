package host

import (
	"context"
	"runtime"
	"time"
)

const (
	// how long a machine holds its place when its user data brings no bootstrap, or one that never begins.
	firstBootAtMost = 10 * time.Second
	reportLook      = 50 * time.Millisecond
)

// firstBoots lets half as many machines boot for the first time at once as there are processors; the other half works on
// the steps of those before. Machines of a cloud have processors of their own; ten that share two would all be slow, and
// none would be up sooner.
type firstBoots chan struct{}

func newFirstBoots() firstBoots { return make(firstBoots, max(1, runtime.NumCPU()/2)) }

// enter waits for a place; leave gives it back.
func (f firstBoots) enter(ctx context.Context) error {
	select {
	case f <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (f firstBoots) leave() { <-f }

// awaitBootstrap returns once a machine's bootstrap has begun, or will not.
func (h *Hosts) awaitBootstrap(g *guest) {
	for end := time.Now().Add(firstBootAtMost); time.Now().Before(end); time.Sleep(reportLook) {
		h.mutex.Lock()
		isOver := g.container == nil || g.machine.Bootstrap != nil
		h.mutex.Unlock()
		if isOver || g.spec.Bare.hasBooted(g.spec.Address) {
			return
		}
	}
}
