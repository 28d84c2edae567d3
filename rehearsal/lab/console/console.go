// Package console is the lab's own way to the Kubernetes API of a machine that has a firewall: as somebody who sits at it.
package console

import (
	"context"
	"io"
	"log/slog"
	"net"
	"sync"
	"time"

	"drover/rehearsal/lab/accept"
	"drover/rehearsal/lab/host"
)

const (
	apiPort      = "6443"
	dialDeadline = 5 * time.Second
)

// Console passes connections on to machines of data centres; machines of clouds are reached at their addresses.
type Console struct {
	Machines func() []host.Machine
	// Dial connects to an address as a machine does.
	Dial func(ctx context.Context, id, address string) (net.Conn, error)
	Log  *slog.Logger

	ctx       context.Context
	mutex     sync.Mutex
	listeners map[string]string
	running   sync.WaitGroup
}

// Open passes connections on until ctx ends.
func (c *Console) Open(ctx context.Context) { c.ctx, c.listeners = ctx, map[string]string{} }

// Wait returns when nothing is passed on any more, after the context of Open has ended.
func (c *Console) Wait() { c.running.Wait() }

// API gives host and port at which the API on the machine with an address answers.
func (c *Console) API(address string) string {
	for _, machine := range c.Machines() {
		if machine.IsBare && machine.Address == address && machine.State != host.Terminated {
			if at, err := c.way(machine.ID); err == nil {
				return at
			}
		}
	}
	return net.JoinHostPort(address, apiPort)
}

// way listens on loopback for a machine, once.
func (c *Console) way(id string) (string, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if known := c.listeners[id]; known != "" {
		return known, nil
	}
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		c.Log.Error("no way to the API", "machine", id, "error", err)
		return "", err
	}
	c.listeners[id] = listener.Addr().String()
	context.AfterFunc(c.ctx, func() { _ = listener.Close() })
	c.running.Go(func() {
		accept.Each(listener, c.Log, func(client net.Conn) {
			c.running.Go(func() { c.pass(id, client) })
		})
	})
	return c.listeners[id], nil
}

func (c *Console) pass(id string, client net.Conn) {
	defer client.Close()
	bounded, cancel := context.WithTimeout(c.ctx, dialDeadline)
	machine, err := c.Dial(bounded, id, net.JoinHostPort("127.0.0.1", apiPort))
	cancel()
	if err != nil {
		return // whoever asked sees that nobody answers
	}
	defer machine.Close()
	defer context.AfterFunc(c.ctx, func() { _, _ = client.Close(), machine.Close() })()
	go func() {
		_, _ = io.Copy(machine, client)
		_ = machine.Close()
	}()
	_, _ = io.Copy(client, machine)
}
