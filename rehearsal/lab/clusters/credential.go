package clusters

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"

	"drover/rehearsal/lab/host"
	"drover/rehearsal/rancher/kubeapi"
	"drover/rehearsal/rancher/machine"
)

const (
	readDeadline = 10 * time.Second
	// pause between two attempts to read a credential: a server that boots has none yet.
	readPause = 2 * time.Second
	// ServerName is in the certificate of every server; they are reached at addresses of their own.
	ServerName = "127.0.0.1"
)

// ReadKubeconfig prints the administrator's kubeconfig as JSON, whatever form the file has.
var ReadKubeconfig = []string{
	"/var/lib/rancher/rke2/bin/kubectl", "--kubeconfig", "/etc/rancher/rke2/rke2.yaml", "config", "view", "--raw",
	"--output", "json",
}

// cluster is what is known of the way to one cluster.
type cluster struct {
	mutex  sync.Mutex
	access *access
	// next is when a credential may be read again, and failed why there is none.
	next   time.Time
	failed error
	// last is the machine that answered last.
	last string
}

// inOrder puts the server that answered last first.
func (c *cluster) inOrder(servers []host.Machine) []host.Machine {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if at := slices.IndexFunc(servers, func(m host.Machine) bool { return m.ID == c.last }); at > 0 {
		servers[0], servers[at] = servers[at], servers[0]
	}
	return servers
}

func (c *cluster) answered(id string) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.last = id
}

// open gives the access that is known, or asks the servers for a credential.
func (c *cluster) open(ctx context.Context, output func(context.Context, string, ...string) (string, error), servers []host.Machine) (*access, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.access != nil {
		return c.access, nil
	}
	if time.Now().Before(c.next) {
		return nil, c.failed
	}
	ctx, cancel := context.WithTimeout(ctx, readDeadline)
	defer cancel()
	var failed []error
	for _, server := range servers {
		text, err := output(ctx, server.ID, ReadKubeconfig...)
		if err == nil {
			if c.access, err = parse(text); err == nil {
				return c.access, nil
			}
		}
		failed = append(failed, err)
	}
	c.next, c.failed = time.Now().Add(readPause), errors.Join(failed...)
	return nil, c.failed
}

// drop forgets an access, unless another one has taken its place already.
func (c *cluster) drop(used *access) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.access == used {
		used.close()
		c.access = nil
	}
}

// access is a credential and the connections that were opened with it.
type access struct {
	credential machine.Credential
	mutex      sync.Mutex
	clients    map[string]*kubeapi.Client
}

func parse(text string) (*access, error) {
	var file struct {
		Clusters []struct {
			Cluster struct {
				CA []byte `json:"certificate-authority-data"`
			}
		}
		Users []struct {
			User struct {
				Certificate []byte `json:"client-certificate-data"`
				Key         []byte `json:"client-key-data"`
			}
		}
	}
	if err := json.Unmarshal([]byte(text), &file); err != nil {
		return nil, errKubeconfig(err)
	}
	if len(file.Clusters) != 1 || len(file.Users) != 1 {
		return nil, errContents(len(file.Clusters), len(file.Users))
	}
	return &access{
		clients: map[string]*kubeapi.Client{},
		credential: machine.Credential{
			CA: file.Clusters[0].Cluster.CA, Certificate: file.Users[0].User.Certificate, Key: file.Users[0].User.Key,
			ServerName: ServerName,
		},
	}, nil
}

func (a *access) client(address string) (*kubeapi.Client, error) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if known := a.clients[address]; known != nil {
		return known, nil
	}
	made, err := kubeapi.New("https://"+address, a.credential)
	if err != nil {
		return nil, err
	}
	a.clients[address] = made
	return made, nil
}

func (a *access) close() {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	for _, client := range a.clients {
		client.Close()
	}
}
