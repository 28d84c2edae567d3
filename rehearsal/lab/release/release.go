// Package release installs the Helm releases of the world into the lab's clusters, as far as their charts are here. It is
// told by the world what is wanted, and tells in a file for each release what came of it.
package release

import (
	"context"
	"log/slog"
	"net"
	"path/filepath"
	"sync"
	"time"

	"drover/rehearsal/lab/host"
	"drover/rehearsal/lab/world"
)

const (
	// rounds come with changes of the world and of releases under way; this often without any.
	interval = 2 * time.Second
	// pause before another attempt to take a release away.
	retryPause = 5 * time.Second
	// how many Helm processes work at once.
	mostAtOnce = 4
)

// API is the Kubernetes API of every cluster of the lab, as its administrator.
type API interface {
	// Do sends a request; an answer other than success is a *kubeapi.StatusError.
	Do(ctx context.Context, cluster, method, path string, in, out any) error
}

// Config is what the part works with.
type Config struct {
	// Workspace is the folder of the rehearsal.
	Workspace string
	World     *world.World
	// Machines and Output are the lab's hosts; servers have the credential of their cluster's administrator.
	Machines func() []host.Machine
	Output   func(ctx context.Context, id string, command ...string) (string, error)
	API      API
	// APIAddress gives host and port of the API on the server with an address. @default port 6443
	APIAddress func(address string) string
	// Helm is the path of the program.
	Helm string
	Log  *slog.Logger
}

// Folder is where the results lie, below the lab's folder.
func Folder(workspace string) string { return filepath.Join(workspace, "lab", "releases") }

// part is the work in progress.
type part struct {
	Config
	results store
	needs   *needs
	slots   chan struct{}
	running sync.WaitGroup
	wake    chan struct{}

	mutex sync.Mutex
	// busy are the releases that something is done to.
	busy map[string]bool
	// rested is when a release that could not be taken away is tried again.
	rested map[string]time.Time
}

// Run follows the world until ctx ends. Where the folder of the results is, the provider waits for them.
func Run(ctx context.Context, config Config) error {
	p, err := newPart(config)
	if err != nil {
		return err
	}
	defer p.running.Wait()
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	changes := config.World.Changes(ctx)
	said := ""
	for {
		problem := ""
		if err := p.round(ctx); err != nil {
			problem = err.Error()
		}
		if problem != "" && problem != said && ctx.Err() == nil {
			config.Log.Error("releases", "error", problem)
		}
		said = problem
		select {
		case <-ctx.Done():
			return nil
		case <-changes:
		case <-p.wake:
		case <-ticker.C:
		}
	}
}

func newPart(config Config) (*part, error) {
	if config.APIAddress == nil {
		config.APIAddress = func(address string) string { return net.JoinHostPort(address, apiPort) }
	}
	results := store{dir: Folder(config.Workspace)}
	if err := results.open(); err != nil {
		return nil, err
	}
	needs, err := openNeeds(config, filepath.Join(config.Workspace, "lab", "release-needs.json"))
	return &part{
		Config: config, results: results, needs: needs, slots: make(chan struct{}, mostAtOnce), wake: make(chan struct{}, 1),
		busy: map[string]bool{}, rested: map[string]time.Time{},
	}, err
}

// round begins whatever is wanted and not under way.
func (p *part) round(ctx context.Context) error {
	requests, err := requestsOf(p.World)
	if err != nil {
		return err
	}
	results, err := p.results.all()
	if err != nil {
		return err
	}
	for stem, wanted := range requests {
		if before, there := results[stem]; there && before.Asked == wanted.asked && before.isDone() {
			continue
		}
		if !wanted.isHere() {
			if err := p.results.put(stem, wanted.result(Recorded, "")); err != nil {
				return err
			}
			continue
		}
		p.begin(ctx, stem, func() error { return p.install(ctx, stem, wanted, results[stem]) })
	}
	for stem, before := range results {
		if _, wanted := requests[stem]; !wanted {
			p.begin(ctx, stem, func() error { return p.takeAway(ctx, stem, before) })
		}
	}
	return p.needs.follow(ctx, namespacesOf(requests))
}

// begin does something to a release, unless something is under way.
func (p *part) begin(ctx context.Context, stem string, work func() error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.busy[stem] || time.Now().Before(p.rested[stem]) {
		return
	}
	p.busy[stem] = true
	p.running.Go(func() {
		select {
		case p.slots <- struct{}{}:
			defer func() { <-p.slots }()
		case <-ctx.Done():
			return
		}
		err := work()
		if err != nil && ctx.Err() == nil {
			p.Log.Error("release", "release", stem, "error", err.Error())
		}
		p.mutex.Lock()
		defer p.mutex.Unlock()
		delete(p.busy, stem)
		delete(p.rested, stem)
		if err != nil {
			p.rested[stem] = time.Now().Add(retryPause)
		}
		select {
		case p.wake <- struct{}{}:
		default:
		}
	})
}
