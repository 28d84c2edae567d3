// Package balance forwards TCP connections as the world's network load balancers would.
//
// What differs from AWS's: a connection that a target does not take within a second goes to the next one (AWS sends it
// to one target, and fails until health checks notice); such a target is passed over until it answers again. The
// client's address is *not* kept where 'preserve_client_ip' asks for it: targets and clients share one switch, so an
// answer to the client's address would not come back through the balancer. Targets always see the balancer's address;
// but a target's connection to itself through the balancer is dropped, as it is with AWS. Security groups of the
// balancer, UDP, TLS listeners, stickiness and the idle timeout of 350 s are left out.
package balance

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"drover/rehearsal/lab/host"
	"drover/rehearsal/lab/world"
)

// how often machines are looked at; the world tells by itself when it changes.
const pollInterval = 250 * time.Millisecond

type dialFunc func(ctx context.Context, network string, source netip.Addr, address string) (net.Conn, error)

// Config says what to balance, and how to reach the network.
type Config struct {
	World *world.World
	// Machines are all machines of the lab.
	Machines func() []host.Machine
	// Listen opens a listener in the lab's network. @default net.Listen
	Listen func(network, address string) (net.Listener, error)
	// Dial connects to a target from one of the lab's own addresses; an invalid source is any.
	// @default a net.Dialer
	Dial func(ctx context.Context, network string, source netip.Addr, address string) (net.Conn, error)
	// AddAddress puts a balancer's address (/32) on the lab's interface before it is listened on; it must accept an
	// address that is there. @default - addresses are there already
	AddAddress func(netip.Prefix) error
	// Refused are addresses that nothing listens on, whatever the world says; port 0 is every port. @default - none
	Refused func() []netip.AddrPort
	// Log gets one line an event. @default - nothing is logged
	Log *slog.Logger

	// second is how long a second of the world's settings lasts; tests shorten it.
	second time.Duration
}

// Balancer forwards for all load balancers of a world until its context ends.
type Balancer struct {
	config Config

	mutex     sync.Mutex
	groups    map[string]*group
	listeners map[netip.AddrPort]*listener
	// unfinished means that a listener could not be opened, so that the next look tries again.
	unfinished bool
	// said are the refusals and failures that were logged, so that each is said once.
	said    sync.Map
	running sync.WaitGroup
}

// Start forwards from now on, and follows the world and the machines until ctx ends.
func Start(ctx context.Context, config Config) (*Balancer, error) {
	if config.World == nil || config.Machines == nil {
		return nil, errNoWorld()
	}
	if config.Listen == nil {
		config.Listen = net.Listen
	}
	if config.Dial == nil {
		config.Dial = dialFrom
	}
	if config.Refused == nil {
		config.Refused = func() []netip.AddrPort { return nil }
	}
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	if config.second == 0 {
		config.second = time.Second
	}
	b := &Balancer{
		config:    config,
		groups:    map[string]*group{},
		listeners: map[netip.AddrPort]*listener{},
	}
	changes := config.World.Changes(ctx)
	b.running.Add(1)
	go func() {
		defer b.running.Done()
		defer b.close()
		ticker := time.NewTicker(pollInterval)
		defer ticker.Stop()
		seen := ""
		for {
			select {
			case <-ctx.Done():
				return
			case _, open := <-changes:
				if !open {
					return
				}
				seen = ""
			case <-ticker.C:
			}
			machines := config.Machines()
			if now := registrable(machines) + fmt.Sprint(config.Refused()); now != seen || b.unfinished {
				seen = now
				b.reconcile(ctx, machines)
			}
		}
	}()
	return b, nil
}

// Wait returns once everything that was started is gone, after the context of Start has ended.
func (b *Balancer) Wait() { b.running.Wait() }

func dialFrom(ctx context.Context, network string, source netip.Addr, address string) (net.Conn, error) {
	dialer := net.Dialer{}
	if source.IsValid() {
		dialer.LocalAddr = &net.TCPAddr{IP: source.AsSlice()}
	}
	return dialer.DialContext(ctx, network, address)
}

// registrable is all that a machine's registration depends on, as one text. It is never empty.
func registrable(machines []host.Machine) string {
	var out strings.Builder
	out.WriteByte('.')
	for _, m := range machines {
		fmt.Fprintln(&out, m.ID, m.Address, m.Group, m.State, m.Lifecycle)
	}
	return out.String()
}

// reconcile makes listeners and targets what the world says.
func (b *Balancer) reconcile(ctx context.Context, machines []host.Machine) {
	wanted, err := readModel(b.config.World, machines, b.config.second)
	if b.unfinished = err != nil; err != nil {
		b.say("world-unreadable", err)
		return
	}
	for _, refusal := range wanted.refused {
		b.say("not-forwarded", refusal)
	}
	refused := b.config.Refused()
	maps.DeleteFunc(wanted.listeners, func(at netip.AddrPort, _ listenerModel) bool {
		return slices.Contains(refused, at) || slices.Contains(refused, netip.AddrPortFrom(at.Addr(), 0))
	})
	b.addAddresses(wanted.listeners)
	b.mutex.Lock()
	defer b.mutex.Unlock()
	for arn, group := range b.groups {
		if wanted.groups[arn] == nil {
			group.close()
			delete(b.groups, arn)
		}
	}
	for arn, model := range wanted.groups {
		if b.groups[arn] == nil {
			b.groups[arn] = newGroup(b)
		}
		b.groups[arn].apply(ctx, model)
	}
	for address, current := range b.listeners {
		if model, stays := wanted.listeners[address]; stays {
			current.model.Store(&model)
			continue
		}
		current.close()
		delete(b.listeners, address)
	}
	for address, model := range wanted.listeners {
		if b.listeners[address] == nil {
			b.listen(ctx, model)
		}
	}
}

// addAddresses lays what is to be listened on. That takes its time, and every new connection needs the lock: it is not
// held. A listener without its address fails, and is tried again.
func (b *Balancer) addAddresses(listeners map[netip.AddrPort]listenerModel) {
	if b.config.AddAddress == nil {
		return
	}
	for at := range listeners {
		if err := b.config.AddAddress(netip.PrefixFrom(at.Addr(), at.Addr().BitLen())); err != nil {
			b.unfinished = true
			b.say("no-address", err)
		}
	}
}

func (b *Balancer) listen(ctx context.Context, model listenerModel) {
	socket, err := b.config.Listen("tcp", model.address.String())
	if err != nil {
		b.unfinished = true
		b.say("no-listener", err)
		return
	}
	started := &listener{balancer: b, socket: socket, conns: map[*pair]bool{}}
	started.model.Store(&model)
	b.listeners[model.address] = started
	b.config.Log.Info("listening", "balancer", model.balancer, "address", model.address.String())
	b.running.Add(1)
	go func() {
		defer b.running.Done()
		started.accept(ctx)
	}()
}

func (b *Balancer) group(arn string) *group {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.groups[arn]
}

// say logs a trouble once.
func (b *Balancer) say(event string, err error) {
	if _, known := b.said.LoadOrStore(err.Error(), true); !known && !errors.Is(err, context.Canceled) {
		b.config.Log.Warn(event, "error", err.Error())
	}
}

func (b *Balancer) close() {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	for _, one := range b.listeners {
		one.close()
	}
	for _, one := range b.groups {
		one.close()
	}
}

// TargetStatus is what a target group knows of one target.
type TargetStatus struct {
	Group, Address string
	// State is initial, healthy, unhealthy or draining, as in AWS's describe-target-health.
	State string
	// Reason is what the last failed health check said.
	Reason string
	// Connections are those that are open now.
	Connections int
}

// Targets are all targets, in the order of their groups' names and their addresses.
func (b *Balancer) Targets() []TargetStatus {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	var out []TargetStatus
	for _, group := range b.groups {
		out = append(out, group.status()...)
	}
	slices.SortFunc(out, func(a, b TargetStatus) int {
		return strings.Compare(a.Group+" "+a.Address, b.Group+" "+b.Address)
	})
	return out
}
