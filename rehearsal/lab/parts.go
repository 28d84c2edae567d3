package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"drover/rehearsal/lab/balance"
	"drover/rehearsal/lab/cloud"
	"drover/rehearsal/lab/cloud/artifacts"
	"drover/rehearsal/lab/cloud/authority"
	"drover/rehearsal/lab/clusters"
	"drover/rehearsal/lab/console"
	"drover/rehearsal/lab/door"
	"drover/rehearsal/lab/fleet"
	"drover/rehearsal/lab/host"
	"drover/rehearsal/lab/network"
	"drover/rehearsal/lab/nodes"
	"drover/rehearsal/lab/rancher"
	"drover/rehearsal/lab/release"
	"drover/rehearsal/lab/trouble"
	"drover/rehearsal/lab/vault"
	"drover/rehearsal/lab/world"
)

// lab is what the parts beside the hosts work with.
type lab struct {
	world  *world.World
	hosts  *host.Hosts
	cables *network.Switch
	log    *slog.Logger
	// mirror is the folder of the packages that hosts may install.
	mirror string
}

// parts are what runs beside the hosts.
type parts struct {
	groups   *fleet.Controller
	cloud    *cloud.Cloud
	troubles *trouble.Book

	balancer *balance.Balancer
	console  *console.Console
	others   sync.WaitGroup
}

// wait returns when all parts have ended.
func (p *parts) wait() {
	p.others.Wait()
	p.console.Wait()
	p.balancer.Wait()
	p.groups.Wait()
	p.cloud.Wait()
}

// openAuthority reads the authority of the lab's endpoints, which hosts trust, or makes it.
func openAuthority(o options) (*authority.Authority, error) {
	return authority.Open(filepath.Join(o.lab(), "ca"))
}

// startParts starts the scaling groups, the load balancers and what machines ask of their cloud. They end with ctx.
func startParts(ctx context.Context, o options, in lab) (*parts, error) {
	p := &parts{troubles: &trouble.Book{}}
	var err error
	p.balancer, err = balance.Start(ctx, balance.Config{
		World: in.world, Machines: in.hosts.Machines, AddAddress: in.cables.AddAddress, Refused: p.troubles.Refused,
		Log: in.log.With("part", "balance"),
	})
	if err != nil {
		return nil, err
	}
	p.groups, err = fleet.Start(ctx, fleet.Config{
		Workspace: o.workspace, World: in.world, Fleet: in.hosts, Log: in.log.With("part", "fleet"),
	})
	if err != nil {
		return nil, err
	}
	p.cloud, err = cloud.Start(ctx, cloud.Config{
		Workspace: o.workspace, World: in.world, Fleet: in.hosts, Lifecycle: p.groups, ArtifactDir: o.artifacts,
		ArtifactURL: o.artifactURL, MirrorDir: in.mirror,
		Application: filepath.Join(o.programs, "drover-app"), HidesSecret: p.troubles.HidesSecret, Log: in.log.With("part", "cloud"),
	})
	if err != nil {
		return nil, err
	}
	p.troubles.RefuseMirror = p.cloud.Mirror.Refuse
	p.troubles.Balancer = func(name string) ([]netip.Addr, error) { return balancerOf(in.world, p.cloud, name) }
	secrets := &vault.Vault{
		World: in.world, Address: network.Vault, Leaf: p.cloud.Authority.Leaf, Log: in.log.With("part", "vault"),
	}
	p.others.Go(func() { secrets.Run(ctx) })
	p.others.Go(func() {
		bastion := &door.Door{Admits: in.isReached, Log: in.log.With("part", "door")}
		if err := bastion.Run(ctx, o.lab()); err != nil {
			in.log.Error("nobody reaches hosts by SSH", "error", err)
		}
	})
	p.console = &console.Console{Machines: in.hosts.Machines, Dial: network.DialFrom, Log: in.log.With("part", "console")}
	p.console.Open(ctx)
	reach := clusters.New(clusters.Config{
		Machines: in.hosts.Machines, Output: in.hosts.Output, APIAddress: p.console.API,
	})
	p.others.Go(func() {
		nodes.Run(ctx, nodes.Config{
			Workspace: o.workspace, World: in.world, Clusters: reach, Groups: p.groups.Groups, Log: in.log.With("part", "nodes"),
		})
	})
	p.others.Go(func() {
		err := release.Run(ctx, release.Config{
			Workspace: o.workspace, World: in.world, Machines: in.hosts.Machines, Output: in.hosts.Output, API: reach,
			APIAddress: p.console.API,
			Helm:       filepath.Join(o.artifacts, "tools", "helm"), Log: in.log.With("part", "release"),
		})
		if err != nil {
			in.log.Error("releases are not installed", "error", err)
		}
	})
	p.others.Go(func() {
		rancher.Run(ctx, rancher.Config{
			World: in.world, Machines: in.hosts.Machines, Exec: in.execute, ArtifactURL: artifactURL(o),
			Leaf: func(name string) (certificate, key []byte, err error) {
				leaf, err := p.cloud.Authority.Leaf(name)
				if err != nil {
					return nil, nil, err
				}
				return rancher.PEM(leaf)
			},
			Log: in.log.With("part", "rancher"),
		})
	})
	return p, nil
}

// isReached says whether the bastion leads to an address: to hosts that run and were not made by a cloud.
func (l lab) isReached(to netip.AddrPort) bool {
	return slices.ContainsFunc(l.hosts.Machines(), func(machine host.Machine) bool {
		return machine.IsBare && machine.State == host.Running && machine.Address == to.Addr().String()
	})
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
