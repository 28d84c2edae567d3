package sshentry

import (
	"net"
	"sync"
)

// connections are those of one listener, each served until either side hangs up.
type connections struct {
	listener net.Listener
	working  sync.WaitGroup
	mutex    sync.Mutex
	open     map[net.Conn]bool
	stopped  bool
}

func connectionsOf(listener net.Listener) *connections {
	return &connections{listener: listener, open: map[net.Conn]bool{}}
}

// serve hands every connection to handle from now on.
func (c *connections) serve(handle func(net.Conn)) {
	c.working.Go(func() {
		for {
			connection, err := c.listener.Accept()
			if err != nil {
				return // stopped
			}
			c.work(connection, handle)
		}
	})
}

func (c *connections) work(connection net.Conn, handle func(net.Conn)) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.stopped {
		_ = connection.Close()
		return
	}
	c.open[connection] = true
	c.working.Go(func() {
		handle(connection)
		_ = connection.Close()
		c.mutex.Lock()
		defer c.mutex.Unlock()
		delete(c.open, connection)
	})
}

// stop ends every connection and waits until nobody works any more.
func (c *connections) stop() {
	_ = c.listener.Close()
	c.mutex.Lock()
	c.stopped = true
	for connection := range c.open {
		_ = connection.Close()
	}
	c.mutex.Unlock()
	c.working.Wait()
}
