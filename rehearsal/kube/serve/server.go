package serve

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"

	clientv3 "go.etcd.io/etcd/client/v3"
	"k8s.io/client-go/kubernetes"

	"drover/rehearsal/kube/child"
	"drover/rehearsal/kube/component"
	"drover/rehearsal/kube/config"
	"drover/rehearsal/kube/layout"
	"drover/rehearsal/kube/manifest"
	"drover/rehearsal/kube/network"
	"drover/rehearsal/kube/node"
	"drover/rehearsal/kube/pki"
	"drover/rehearsal/kube/supervisor"
)

// Server runs a server until the context ends.
func Server(ctx context.Context, c *config.Config) error {
	if err := checkHardening(c); err != nil {
		return err
	}
	if err := installPrograms(c.Data); err != nil {
		return err
	}
	own, err := establish(ctx, c)
	if err != nil {
		return err
	}
	for _, prepare := range []func() error{
		func() error { return issueServer(c, own.cluster) },
		func() error { return component.WriteAdmission(c.Data) },
	} {
		if err := prepare(); err != nil {
			return err
		}
	}

	// the data layer outlives what writes to it
	lower, stopLower := context.WithCancel(context.WithoutCancel(ctx))
	upper, stopUpper := context.WithCancel(ctx)
	lowerGroup, upperGroup := &child.Group{}, &child.Group{}
	defer lowerGroup.Wait()
	defer stopLower()
	defer upperGroup.Wait()
	defer stopUpper()

	desk := &office{data: c.Data, cluster: own.cluster, token: own.token}
	failed := make(chan error, 2)
	if err := listen(upper, c, desk, failed); err != nil {
		return err
	}
	go func() {
		if err := startRuntime(upper, lowerGroup, c.Data); err != nil && upper.Err() == nil {
			failed <- err
		}
	}()
	member := lowerGroup.Keep(lower, component.Etcd(c, own.record))
	go func() {
		if err := raise(upper, upperGroup, c, own, desk, member); err != nil && upper.Err() == nil {
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

// listen opens the supervisor's port; machines are told to wait until the server is up.
func listen(ctx context.Context, c *config.Config, desk *office, failed chan<- error) error {
	certificate, err := tls.LoadX509KeyPair(c.Data.TLS("serving-kube-apiserver.crt"), c.Data.TLS("serving-kube-apiserver.key"))
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", ":"+layout.SupervisorPort)
	if err != nil {
		return err
	}
	bundle := desk.cluster.Authority(pki.ServerCA).PEM
	go func() {
		if err := supervisor.Serve(ctx, listener, certificate, bundle, desk); err != nil {
			failed <- err
		}
	}()
	return nil
}

// raise brings the server up, layer by layer, and then does its rounds.
func raise(
	ctx context.Context, group *child.Group, c *config.Config, own *identity, desk *office, member *child.Kept,
) error {
	client, err := raiseEtcd(ctx, c, own.record, member)
	if err != nil {
		return err
	}
	group.Keep(ctx, component.APIServer(c))
	api, err := connect(c.Data.Server("cred", "supervisor.kubeconfig"))
	if err != nil {
		return err
	}
	if err := until(ctx, "the API server", func(ctx context.Context) error {
		return api.Discovery().RESTClient().Get().AbsPath("/readyz").Do(ctx).Error()
	}); err != nil {
		return err
	}
	group.Keep(ctx, component.ControllerManager(c))
	if !c.WithoutScheduler {
		group.Keep(ctx, component.Scheduler(c))
	}
	password, err := node.OwnPassword(layout.NodePassword)
	if err != nil {
		return err
	}
	if err := node.ClaimPassword(ctx, api, c.NodeName, password); err != nil {
		return err
	}
	desk.open(api, client)
	slog.Info("this server is up", "token", c.Data.Server("token"), "kubeconfig", c.Kubeconfig)
	notify("READY=1")
	return raiseNode(ctx, group, c, own, desk, api, client)
}

func raiseNode(
	ctx context.Context, group *child.Group, c *config.Config, own *identity, desk *office,
	api kubernetes.Interface, client *clientv3.Client,
) error {
	files, err := own.cluster.IssueNode(c.NodeName, c.NodeIP)
	if err != nil {
		return err
	}
	if err := writeNode(c.Data, files); err != nil {
		return err
	}
	if err := startNode(ctx, group, c); err != nil {
		return err
	}
	keeper := &node.Keeper{API: api, Etcd: client, Node: c.NodeName, Member: own.record.Name, Address: c.NodeIP}
	applier := &manifest.Applier{
		Folder:     c.Data.Server("manifests"),
		Kubectl:    c.Data.Bin("kubectl"),
		Kubeconfig: c.Data.Server("cred", "supervisor.kubeconfig"),
	}
	pods := &network.Pods{API: api, Node: c.NodeName, ClusterCIDR: c.ClusterCIDR}
	go keeper.Run(ctx)
	go applier.Run(ctx)
	go pods.Run(ctx)
	go desk.followToken(ctx)
	return until(ctx, "the kubelet", kubeletHealthy)
}
