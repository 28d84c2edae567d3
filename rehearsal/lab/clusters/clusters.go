// Package clusters reaches the Kubernetes API of every cluster of the lab, as its administrator.
package clusters

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"drover/rehearsal/lab/host"
	"drover/rehearsal/rancher/kubeapi"
)

const (
	// machineTag says of a machine which cluster it belongs to.
	machineTag = host.ClusterTag
	// how long one server may take to answer before the next one is asked.
	tryDeadline = 3 * time.Second
)

// Config is what clusters are found and reached with.
type Config struct {
	Machines func() []host.Machine
	// Output is what a command on a machine prints.
	Output func(ctx context.Context, id string, command ...string) (string, error)
	// APIAddress gives host and port of the API on the server with an address. @default port 6443
	APIAddress func(address string) string
}

// Clusters are all clusters that have machines in the lab.
type Clusters struct {
	config Config
	mutex  sync.Mutex
	known  map[string]*cluster
}

// New reaches nobody yet.
func New(config Config) *Clusters {
	if config.APIAddress == nil {
		config.APIAddress = func(address string) string { return net.JoinHostPort(address, "6443") }
	}
	return &Clusters{config: config, known: map[string]*cluster{}}
}

// Names are the clusters that have a machine which is not terminated, in alphabetical order.
func (c *Clusters) Names() []string {
	var out []string
	for _, machine := range c.config.Machines() {
		if name := machine.Tags[machineTag]; name != "" && machine.State != host.Terminated {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Machines are the machines of a cluster, those that are terminated as well.
func (c *Clusters) Machines(name string) []host.Machine {
	return slices.DeleteFunc(c.config.Machines(), func(m host.Machine) bool { return m.Tags[machineTag] != name })
}

// Do sends a request to the API of a cluster; in and out may be nil. The server that answered last is asked first, the
// next one if it does not answer: a write must bear to arrive twice. An answer other than success is a
// *kubeapi.StatusError.
func (c *Clusters) Do(ctx context.Context, name, method, path string, in, out any) error {
	it := c.find(name)
	servers := it.inOrder(c.servers(name))
	if len(servers) == 0 {
		return errNoServer(name)
	}
	access, err := it.open(ctx, c.config.Output, servers)
	if err != nil {
		return errNoCredential(name, err)
	}
	for _, server := range servers {
		var client *kubeapi.Client
		if client, err = access.client(c.config.APIAddress(server.Address)); err != nil {
			break
		}
		bounded, cancel := context.WithTimeout(ctx, tryDeadline)
		err = client.Do(bounded, method, path, in, out)
		cancel()
		if err == nil || isAnswer(err) {
			it.answered(server.ID)
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	// nobody trusts the credential any more, or nobody is there: both are found out by reading it again
	it.drop(access)
	return errSilent(name, err)
}

func (c *Clusters) find(name string) *cluster {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.known[name] == nil {
		c.known[name] = &cluster{}
	}
	return c.known[name]
}

// servers are the running machines that may be servers.
func (c *Clusters) servers(name string) []host.Machine {
	return slices.DeleteFunc(c.Machines(name), func(m host.Machine) bool { return m.State != host.Running || !m.MayServe() })
}

// isAnswer tells what the cluster says from what only this server says: that it starts, has too much to do, or does not
// know the caller.
func isAnswer(err error) bool {
	var status *kubeapi.StatusError
	return errors.As(err, &status) && status.Code < http.StatusInternalServerError &&
		status.Code != http.StatusUnauthorized && status.Code != http.StatusTooManyRequests
}
