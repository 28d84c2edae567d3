package release

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"

	"drover/rehearsal/lab/clusters"
	"drover/rehearsal/lab/host"
)

const (
	kubeconfigFile = "kubeconfig"
	apiPort        = "6443"
	dialDeadline   = 2 * time.Second
	readDeadline   = 10 * time.Second
	reachPause     = 2 * time.Second
)

// servers are the running machines of a cluster that may be servers.
func (p *part) servers(cluster string) []host.Machine {
	return slices.DeleteFunc(slices.Clone(p.Machines()), func(m host.Machine) bool {
		return m.State != host.Running || !m.MayServe() || m.Tags[host.ClusterTag] != cluster
	})
}

func (p *part) hasServers(cluster string) bool { return len(p.servers(cluster)) > 0 }

// reach writes a kubeconfig for a server that answers; it asks for a while.
func (p *part) reach(ctx context.Context, cluster, folder string) error {
	ctx, cancel := context.WithTimeout(ctx, clusterDeadline)
	defer cancel()
	for {
		err := p.writeKubeconfig(ctx, cluster, filepath.Join(folder, kubeconfigFile))
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(reachPause):
		}
	}
}

func (p *part) writeKubeconfig(ctx context.Context, cluster, path string) error {
	var failed []error
	for _, server := range p.servers(cluster) {
		address := p.APIAddress(server.Address)
		text, err := p.readKubeconfig(ctx, server.ID, address)
		if err == nil {
			return os.WriteFile(path, text, 0o600)
		}
		failed = append(failed, fmt.Errorf("%s: %w", server.Name, err))
	}
	return errNoServer(cluster, failed)
}

func (p *part) readKubeconfig(ctx context.Context, id, address string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, readDeadline)
	defer cancel()
	connection, err := (&net.Dialer{Timeout: dialDeadline}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	_ = connection.Close()
	text, err := p.Output(ctx, id, clusters.ReadKubeconfig...)
	if err != nil {
		return nil, err
	}
	return at(text, "https://"+address)
}

// at is a kubeconfig that leads to another address of the same cluster.
func at(text, address string) ([]byte, error) {
	var file map[string]any
	if err := json.Unmarshal([]byte(text), &file); err != nil {
		return nil, errKubeconfig(err)
	}
	list, _ := file["clusters"].([]any)
	if len(list) != 1 {
		return nil, errKubeconfigClusters(len(list))
	}
	entry, _ := list[0].(map[string]any)
	cluster, _ := entry["cluster"].(map[string]any)
	if cluster == nil {
		return nil, errKubeconfigClusters(0)
	}
	cluster["server"], cluster["tls-server-name"] = address, clusters.ServerName
	return json.Marshal(file)
}
