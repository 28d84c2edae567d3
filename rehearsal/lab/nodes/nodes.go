// Package nodes stands in for the AWS cloud controller manager in every cluster that has asked for it: nodes learn which
// machine they are, and go with it.
package nodes

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"drover/rehearsal/lab/clusters"
	"drover/rehearsal/lab/fleet"
	"drover/rehearsal/lab/world"
)

// interval between two looks at a cluster. The real one looks every 5 s for nodes to remove and watches for new ones.
const interval = time.Second

// reportsFolder is where others read how the clusters are, in the workspace.
const reportsFolder = "lab/clusters"

// Config is what the part works with.
type Config struct {
	Workspace string
	World     *world.World
	Clusters  *clusters.Clusters
	// Groups are the Auto Scaling groups: they know the type of each of their instances.
	Groups func() []fleet.Group
	Log    *slog.Logger
}

// Run looks after the nodes of all clusters until ctx ends, each on its own: one that hangs holds no other up. How a
// cluster is lies in lab/clusters as long as it has machines.
func Run(ctx context.Context, config Config) {
	// what an earlier lab wrote says nothing of the hosts that boot now
	if err := os.RemoveAll(filepath.Join(config.Workspace, reportsFolder)); err != nil {
		config.Log.Error("reports of an earlier run stay", "error", err)
	}
	var running sync.WaitGroup
	defer running.Wait()
	followed := map[string]func(){}
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		there := map[string]bool{}
		for _, name := range config.Clusters.Names() {
			there[name] = true
			if followed[name] == nil {
				followed[name] = config.start(ctx, &running, name)
			}
		}
		for name, end := range followed {
			if !there[name] {
				end()
				delete(followed, name)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// start follows a cluster until the function that it gives is called, which returns when that has ended.
func (c Config) start(ctx context.Context, running *sync.WaitGroup, name string) (end func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	running.Go(func() {
		defer close(ended)
		defer cancel()
		(&keeper{Config: c, cluster: name}).run(ctx)
	})
	return func() {
		cancel()
		<-ended
	}
}
