package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"

	"drover/rehearsal/lab/balance"
	"drover/rehearsal/lab/cloud"
	"drover/rehearsal/lab/cloud/artifacts"
	"drover/rehearsal/lab/cloud/authority"
	"drover/rehearsal/lab/fleet"
	"drover/rehearsal/lab/host"
	"drover/rehearsal/lab/network"
	"drover/rehearsal/lab/rancher"
	"drover/rehearsal/lab/world"
)

// lab is what the parts beside the hosts work with.
type lab struct {
	world  *world.World
	hosts  *host.Hosts
	cables *network.Switch
	log    *slog.Logger
}

// openAuthority reads the authority of the lab's endpoints, which hosts trust, or makes it.
func openAuthority(o options) (*authority.Authority, error) {
	return authority.Open(filepath.Join(o.lab(), "ca"))
}

// startParts starts the scaling groups, the load balancers and what machines ask of their cloud. They end with ctx; wait
// returns when they have.
func startParts(ctx context.Context, o options, in lab) (wait func(), err error) {
	balancer, err := balance.Start(ctx, balance.Config{
		World: in.world, Machines: in.hosts.Machines, AddAddress: in.cables.AddAddress, Log: in.log.With("part", "balance"),
	})
	if err != nil {
		return nil, err
	}
	groups, err := fleet.Start(ctx, fleet.Config{
		Workspace: o.workspace, World: in.world, Fleet: in.hosts, Log: in.log.With("part", "fleet"),
	})
	if err != nil {
		return nil, err
	}
	services, err := cloud.Start(ctx, cloud.Config{
		Workspace: o.workspace, World: in.world, Fleet: in.hosts, Lifecycle: groups, ArtifactDir: o.artifacts,
		ArtifactURL: o.artifactURL, Log: in.log.With("part", "cloud"),
	})
	if err != nil {
		return nil, err
	}
	rancherEnded := make(chan struct{})
	go func() {
		defer close(rancherEnded)
		rancher.Run(ctx, rancher.Config{
			World: in.world, Machines: in.hosts.Machines, Exec: in.execute, ArtifactURL: artifactURL(o),
			Leaf: func(name string) (certificate, key []byte, err error) {
				leaf, err := services.Authority.Leaf(name)
				if err != nil {
					return nil, nil, err
				}
				return rancher.PEM(leaf)
			},
			Log: in.log.With("part", "rancher"),
		})
	}()
	return func() {
		<-rancherEnded
		balancer.Wait()
		groups.Wait()
		services.Wait()
	}, nil
}

// execute runs a command on a machine; an exit code other than 0 is an error with what it said.
func (l lab) execute(ctx context.Context, id string, input io.Reader, command ...string) error {
	var said bytes.Buffer
	code, err := l.hosts.Exec(ctx, id, host.Streams{In: input, Err: &said}, command...)
	if err == nil && code != 0 {
		err = fmt.Errorf("%s ended with %d: %s", command[0], code, strings.TrimSpace(said.String()))
	}
	return err
}

func artifactURL(o options) string {
	if o.artifactURL != "" {
		return o.artifactURL
	}
	return artifacts.DefaultURL
}
