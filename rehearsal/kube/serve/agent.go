package serve

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"time"

	"drover/rehearsal/kube/child"
	"drover/rehearsal/kube/config"
	"drover/rehearsal/kube/join"
	"drover/rehearsal/kube/layout"
	"drover/rehearsal/kube/network"
	"drover/rehearsal/kube/node"
	"drover/rehearsal/kube/supervisor"
)

const joinEvery = time.Second

// Agent runs a worker until the context ends.
func Agent(ctx context.Context, c *config.Config) error {
	if err := installPrograms(c.Data); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	group := &child.Group{}
	defer group.Wait()
	defer stop()
	// beside the joining: neither needs the other
	runtime := make(chan error, 1)
	go func() { runtime <- startRuntime(ctx, group, c.Data) }()
	servers, err := enlist(ctx, c)
	if err != nil {
		return err
	}

	balancer := network.NewBalancer(c.Data.Agent("etc", "rke2-api-server-agent-load-balancer.json"), servers)
	listener, err := net.Listen("tcp", "127.0.0.1:"+layout.APIPort)
	if err != nil {
		return err
	}
	failed := make(chan error, 2)
	go func() {
		if err := balancer.Serve(ctx, listener); err != nil {
			failed <- err
		}
	}()
	go func() {
		if err := work(ctx, group, c, balancer, runtime); err != nil && ctx.Err() == nil {
			failed <- err
		}
	}()
	select {
	case <-ctx.Done():
		notify("STOPPING=1")
		return nil
	case err := <-failed:
		return err
	}
}

func work(
	ctx context.Context, group *child.Group, c *config.Config, balancer *network.Balancer, runtime <-chan error,
) error {
	if err := <-runtime; err != nil {
		return err
	}
	if err := startNode(ctx, group, c); err != nil {
		return err
	}
	// kube-proxy's identity may read nodes and endpoints, the kubelet's only its own node
	api, err := connect(c.Data.Agent("kubeproxy.kubeconfig"))
	if err != nil {
		return err
	}
	pods := &network.Pods{API: api, Node: c.NodeName, ClusterCIDR: c.ClusterCIDR}
	go pods.Run(ctx)
	go balancer.Follow(ctx, api)
	if err := until(ctx, "the kubelet", kubeletHealthy); err != nil {
		return err
	}
	slog.Info("this agent is up")
	notify("READY=1")
	return nil
}

// enlist gets this node's certificates. An agent that has them starts with those when no server answers.
func enlist(ctx context.Context, c *config.Config) ([]string, error) {
	password, err := node.OwnPassword(layout.NodePassword)
	if err != nil {
		return nil, err
	}
	asked := supervisor.JoiningNode{Node: c.NodeName, Password: password, Address: c.NodeIP}
	said := time.Time{}
	for {
		granted := supervisor.NodeGrant{}
		err := ask(ctx, c, asked, &granted)
		if err == nil {
			return granted.APIServers, writeNode(c.Data, granted.Files)
		}
		if errors.Is(err, join.ErrRefused) {
			return nil, err
		}
		if _, known := os.Stat(c.Data.Agent("client-kubelet.crt")); known == nil {
			slog.Warn("no server answers, starting with the certificates of the disk", "why", err)
			return nil, nil
		}
		if time.Since(said) > 10*time.Second {
			said = time.Now()
			slog.Info("waiting for a server", "server", c.Server, "why", err)
		}
		select {
		case <-ctx.Done():
			return nil, errStopped("a server", err)
		case <-time.After(joinEvery):
		}
	}
}

func ask(ctx context.Context, c *config.Config, asked supervisor.JoiningNode, granted *supervisor.NodeGrant) error {
	client, err := join.Connect(ctx, c.Server, c.Token)
	if err != nil {
		return err
	}
	return client.Post(ctx, supervisor.PathNode, asked, granted)
}
