package serve

import (
	"context"
	"log/slog"
	"sync"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"k8s.io/client-go/kubernetes"

	"drover/rehearsal/kube/etcd"
	"drover/rehearsal/kube/layout"
	"drover/rehearsal/kube/network"
	"drover/rehearsal/kube/node"
	"drover/rehearsal/kube/pki"
	"drover/rehearsal/kube/supervisor"
	"drover/rehearsal/kube/token"
)

// office is what a server does for machines that ask its supervisor.
type office struct {
	data    layout.Data
	cluster *pki.Cluster

	mutex sync.RWMutex
	token token.Token
	api   kubernetes.Interface
	etcd  *clientv3.Client
}

// open lets machines join from now on.
func (o *office) open(api kubernetes.Interface, client *clientv3.Client) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.api, o.etcd = api, client
}

func (o *office) clients() (kubernetes.Interface, *clientv3.Client, error) {
	o.mutex.RLock()
	defer o.mutex.RUnlock()
	if o.api == nil {
		return nil, nil, supervisor.ErrStarting
	}
	return o.api, o.etcd, nil
}

func (o *office) Secret() string {
	o.mutex.RLock()
	defer o.mutex.RUnlock()
	return o.token.Secret
}

func (o *office) Shared() (map[string][]byte, error) {
	if _, _, err := o.clients(); err != nil {
		return nil, err
	}
	return o.cluster.Shared()
}

func (o *office) CheckPassword(ctx context.Context, name, password string) error {
	api, _, err := o.clients()
	if err != nil {
		return err
	}
	return node.CheckPassword(ctx, api, name, password)
}

func (o *office) ClaimPassword(ctx context.Context, name, password string) error {
	api, _, err := o.clients()
	if err != nil {
		return err
	}
	return node.ClaimPassword(ctx, api, name, password)
}

func (o *office) Admit(ctx context.Context, name, peer string) (etcd.Membership, error) {
	_, client, err := o.clients()
	if err != nil {
		return etcd.Membership{}, err
	}
	return etcd.Admit(ctx, client, name, peer)
}

func (o *office) IssueNode(name, address string) (pki.Node, error) {
	return o.cluster.IssueNode(name, address)
}

func (o *office) APIServers(ctx context.Context) ([]string, error) {
	api, _, err := o.clients()
	if err != nil {
		return nil, err
	}
	return network.APIServers(ctx, api)
}

// RotateToken keeps the new secret where every server finds it; each writes it to its own file.
func (o *office) RotateToken(ctx context.Context, secret string) error {
	api, _, err := o.clients()
	if err != nil {
		return err
	}
	if err := node.KeepToken(ctx, api, secret); err != nil {
		return err
	}
	return o.adopt(secret)
}

func (o *office) adopt(secret string) error {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	if o.token.Secret == secret {
		return nil
	}
	o.token.Secret = secret
	slog.Info("token rotated")
	return writeToken(o.data, o.token)
}

// followToken takes over a secret that was rotated at another server.
func (o *office) followToken(ctx context.Context) {
	for ctx.Err() == nil {
		if api, _, err := o.clients(); err == nil {
			secret, err := node.KeptToken(ctx, api)
			if err == nil && secret != "" {
				err = o.adopt(secret)
			}
			if err != nil && ctx.Err() == nil {
				slog.Warn("rotated token not looked up", "why", err)
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(5 * time.Second):
		}
	}
}
