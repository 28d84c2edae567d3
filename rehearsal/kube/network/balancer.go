package network

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"slices"
	"sync"
	"time"

	discovery "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"drover/rehearsal/kube/layout"
)

const (
	dialDeadline = time.Second
	probeEvery   = 2 * time.Second
	// servers come and go seldom, and every agent asks
	followEvery = 5 * time.Second
	// failures in a row after which a server's open connections are cut, so that clients go to another one
	failuresToCut = 3
)

// Balancer is an agent's own way to the API: one local address for all servers.
type Balancer struct {
	file    string
	mutex   sync.Mutex
	servers []string
	open    map[string]map[net.Conn]bool
	failed  map[string]int
}

// NewBalancer starts with the servers that the file remembers of an earlier run, and those given.
func NewBalancer(file string, servers []string) *Balancer {
	b := &Balancer{file: file, open: map[string]map[net.Conn]bool{}, failed: map[string]int{}}
	if content, err := os.ReadFile(file); err == nil {
		var remembered []string
		if json.Unmarshal(content, &remembered) == nil {
			b.servers = remembered
		}
	}
	if len(servers) > 0 {
		b.set(servers)
	}
	return b
}

// Serve forwards connections until the context ends.
func (b *Balancer) Serve(ctx context.Context, listener net.Listener) error {
	stop := context.AfterFunc(ctx, func() { listener.Close() })
	defer stop()
	go b.probe(ctx)
	for {
		connection, err := listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err != nil {
			return err
		}
		go b.forward(connection)
	}
}

func (b *Balancer) forward(client net.Conn) {
	defer client.Close()
	for _, address := range b.order() {
		server, err := net.DialTimeout("tcp", address, dialDeadline)
		if err != nil {
			b.count(address, false)
			continue
		}
		b.track(address, server, true)
		defer b.track(address, server, false)
		defer server.Close()
		done := make(chan struct{}, 2)
		pipe := func(to, from net.Conn) {
			// either side may end the connection at any time
			_, _ = io.Copy(to, from)
			done <- struct{}{}
		}
		go pipe(server, client)
		go pipe(client, server)
		<-done
		return
	}
}

// order has the servers that failed last at its end.
func (b *Balancer) order() []string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	ordered := slices.Clone(b.servers)
	slices.SortStableFunc(ordered, func(x, y string) int { return b.failed[x] - b.failed[y] })
	return ordered
}

func (b *Balancer) track(address string, connection net.Conn, opened bool) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.open[address] == nil {
		b.open[address] = map[net.Conn]bool{}
	}
	if opened {
		b.open[address][connection] = true
	} else {
		delete(b.open[address], connection)
	}
}

func (b *Balancer) count(address string, answers bool) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if answers {
		b.failed[address] = 0
		return
	}
	b.failed[address]++
	if b.failed[address] == failuresToCut {
		for connection := range b.open[address] {
			connection.Close()
		}
	}
}

func (b *Balancer) probe(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(probeEvery):
		}
		for _, address := range b.order() {
			connection, err := net.DialTimeout("tcp", address, dialDeadline)
			if err == nil {
				connection.Close()
			}
			b.count(address, err == nil)
		}
	}
}

func (b *Balancer) set(servers []string) {
	slices.Sort(servers)
	b.mutex.Lock()
	same := slices.Equal(b.servers, servers)
	b.servers = servers
	b.mutex.Unlock()
	if same {
		return
	}
	slog.Info("API servers", "addresses", servers)
	content, err := json.Marshal(servers)
	if err == nil {
		err = layout.Write(b.file, content, 0o600)
	}
	if err != nil {
		slog.Warn("API servers not remembered", "why", err)
	}
}

// Follow learns of servers that come and go.
func (b *Balancer) Follow(ctx context.Context, api kubernetes.Interface) {
	for ctx.Err() == nil {
		if found, err := APIServers(ctx, api); err == nil && len(found) > 0 {
			b.set(found)
		}
		select {
		case <-ctx.Done():
		case <-time.After(followEvery):
		}
	}
}

// APIServers are the addresses that the cluster itself gives for its API.
func APIServers(ctx context.Context, api kubernetes.Interface) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, roundDeadline)
	defer cancel()
	slices, err := api.DiscoveryV1().EndpointSlices(metav1.NamespaceDefault).List(ctx,
		metav1.ListOptions{LabelSelector: discovery.LabelServiceName + "=kubernetes"})
	if err != nil {
		return nil, err
	}
	var found []string
	for _, slice := range slices.Items {
		for _, endpoint := range slice.Endpoints {
			for _, address := range endpoint.Addresses {
				found = append(found, net.JoinHostPort(address, layout.APIPort))
			}
		}
	}
	return found, nil
}
