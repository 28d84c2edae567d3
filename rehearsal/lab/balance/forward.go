package balance

import (
	"context"
	"io"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"drover/rehearsal/lab/accept"
)

// Bounds of a new connection, in seconds.
const (
	// how long one target may take to accept before the next one is asked.
	connectTimeout = 1
	// how long a connection of a target to itself hangs: a dropped packet gets no answer.
	silence = 60
)

// listener accepts for one address and port of a load balancer.
type listener struct {
	balancer *Balancer
	socket   net.Listener
	model    atomic.Pointer[listenerModel]

	mutex sync.Mutex
	conns map[*pair]bool
}

// pair is a client's connection and, once there is one, the target's.
type pair struct {
	client net.Conn
	mutex  sync.Mutex
	target net.Conn
	closed bool
}

func (l *listener) accept(ctx context.Context) {
	accept.Each(l.socket, l.balancer.config.Log, func(conn net.Conn) {
		p := &pair{client: conn}
		l.mutex.Lock()
		if l.conns == nil { // closed meanwhile
			l.mutex.Unlock()
			p.reset()
			return
		}
		l.conns[p] = true
		l.mutex.Unlock()
		l.balancer.running.Go(func() {
			l.serve(ctx, p)
			l.mutex.Lock()
			delete(l.conns, p)
			l.mutex.Unlock()
		})
	})
	if ctx.Err() == nil {
		l.balancer.config.Log.Info("closed", "address", l.socket.Addr().String())
	}
}

// close ends the listener and, as the deletion of a load balancer does, its connections.
func (l *listener) close() {
	_ = l.socket.Close()
	l.mutex.Lock()
	open := l.conns
	l.conns = nil
	l.mutex.Unlock()
	for p := range open {
		p.reset()
	}
}

// serve finds a target for a connection and forwards until both sides are done.
func (l *listener) serve(ctx context.Context, p *pair) {
	model := l.model.Load()
	group := l.balancer.group(model.group)
	if group == nil {
		p.reset()
		return
	}
	zone := ""
	if model.zonal {
		zone = model.zone
	}
	candidates, preserve := group.candidates(zone)
	if len(candidates) == 0 && zone != "" { // DNS would not name a zone without targets
		candidates, preserve = group.candidates("")
	}
	client := addressOf(p.client)
	for _, one := range candidates {
		if preserve && one.address.Addr() == client {
			l.balancer.config.Log.Info("dropped", "balancer", model.balancer, "target", one.address.String(),
				"reason", "a target's connection to itself")
			p.hang(silence * l.balancer.config.second)
			return
		}
		if ctx.Err() != nil {
			break
		}
		dialing, cancel := context.WithTimeout(ctx, connectTimeout*l.balancer.config.second)
		conn, err := l.balancer.config.Dial(dialing, "tcp", model.address.Addr(), one.address.String())
		cancel()
		if err != nil {
			one.refused(err)
			continue
		}
		if p.join(conn) && one.hold(p) {
			p.forward()
			one.release(p)
			return
		}
		_ = conn.Close()
		break
	}
	p.reset()
}

func addressOf(conn net.Conn) netip.Addr {
	at, err := netip.ParseAddrPort(conn.RemoteAddr().String())
	if err != nil {
		return netip.Addr{}
	}
	return at.Addr().Unmap()
}

// join gives a client its target's connection; it fails if the client has been cut off meanwhile.
func (p *pair) join(target net.Conn) bool {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.target = target
	return !p.closed
}

// forward copies both ways and passes the end of one direction on, so that the other can still finish.
func (p *pair) forward() {
	var both sync.WaitGroup
	both.Add(2)
	for _, way := range [][2]net.Conn{{p.client, p.target}, {p.target, p.client}} {
		go func() {
			defer both.Done()
			if _, err := io.Copy(way[1], way[0]); err != nil {
				p.reset()
				return
			}
			if half, can := way[1].(interface{ CloseWrite() error }); can {
				_ = half.CloseWrite()
			}
		}()
	}
	both.Wait()
	_ = p.client.Close()
	_ = p.target.Close()
}

// hang says nothing until the client gives up or the time is over.
func (p *pair) hang(limit time.Duration) {
	_ = p.client.SetReadDeadline(time.Now().Add(limit))
	_, _ = io.Copy(io.Discard, p.client)
	p.reset()
}

// reset ends both connections with a reset instead of an orderly end, so that neither takes it for a whole answer.
func (p *pair) reset() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.closed = true
	for _, conn := range []net.Conn{p.client, p.target} {
		if conn == nil {
			continue
		}
		if abrupt, can := conn.(interface{ SetLinger(int) error }); can {
			_ = abrupt.SetLinger(0)
		}
		_ = conn.Close()
	}
}
