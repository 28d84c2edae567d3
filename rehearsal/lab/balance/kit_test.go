package balance

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/netip"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"drover/rehearsal/lab/host"
	"drover/rehearsal/lab/world"
	"drover/rehearsal/rancher/testkit"
)

const (
	// tick is how long a second of the world lasts in these tests.
	tick = 100 * time.Millisecond
	// askAtMost ends a connection, or an answer, that never comes.
	askAtMost = 15 * time.Second
)

// bench is a world with one balancer on loopback and backends that say their name.
type bench struct {
	t        *testing.T
	world    *world.World
	port     int
	balancer *Balancer
	mutex    sync.Mutex
	machines []host.Machine
	// refused are addresses that nothing listens on
	refused func() []netip.AddrPort
}

const (
	groupARN    = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/api/1"
	balancerARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/api/1"
)

func object(kind, id string, attrs map[string]any) *world.Object {
	return &world.Object{Type: kind, ID: id, Scope: "eu-west-1", Attrs: attrs}
}

// newBench makes a world with a balancer at 127.0.7.10; settings are those of the target group.
func newBench(t *testing.T, settings map[string]any) *bench {
	t.Helper()
	b := &bench{t: t, world: world.Open(filepath.Join(t.TempDir(), "world")), port: freePort(t)}
	group := map[string]any{
		"name": "api", "port": b.port, "protocol": "TCP", "target_type": "ip", "preserve_client_ip": "false",
		"deregistration_delay": "60", "connection_termination": true,
		"health_check": []any{map[string]any{
			"interval": 10, "protocol": "TCP", "healthy_threshold": 2, "unhealthy_threshold": 2, "port": "traffic-port",
		}},
	}
	for name, value := range settings {
		group[name] = value
	}
	b.put("aws_subnet", "subnet-1", map[string]any{"cidr_block": "127.0.7.0/24", "availability_zone": "eu-west-1a"})
	b.put("aws_lb", balancerARN, map[string]any{
		"name": "api", "load_balancer_type": "network", "enable_cross_zone_load_balancing": true,
		"subnet_mapping": []any{map[string]any{"subnet_id": "subnet-1", "private_ipv4_address": "127.0.7.10"}},
	})
	b.put("aws_lb_target_group", groupARN, group)
	b.put("aws_lb_listener", "listener", map[string]any{
		"load_balancer_arn": balancerARN, "port": b.port, "protocol": "TCP",
		"default_action": []any{map[string]any{"type": "forward", "target_group_arn": groupARN}},
	})
	return b
}

func (b *bench) put(kind, id string, attrs map[string]any) *world.Object {
	b.t.Helper()
	out := object(kind, id, attrs)
	if err := b.world.Put(out); err != nil {
		b.t.Fatal(err)
	}
	return out
}

func (b *bench) attach(target string) *world.Object {
	b.t.Helper()
	return b.put("aws_lb_target_group_attachment", "attachment-"+target,
		map[string]any{"target_group_arn": groupARN, "target_id": target})
}

func (b *bench) setMachines(machines ...host.Machine) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.machines = machines
}

func (b *bench) start() {
	b.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	var err error
	b.balancer, err = Start(ctx, Config{
		World: b.world, second: tick, Dial: patiently, Refused: b.refused,
		Machines: func() []host.Machine {
			b.mutex.Lock()
			defer b.mutex.Unlock()
			return append([]host.Machine{}, b.machines...)
		},
	})
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() {
		stop()
		b.balancer.Wait()
	})
	b.until("the balancer listens", func() bool {
		b.balancer.mutex.Lock()
		defer b.balancer.mutex.Unlock()
		return len(b.balancer.listeners) > 0
	})
}

// patiently connects however busy the machine is: a second of these tests is too short to tell a slow target from one that
// says nothing.
func patiently(ctx context.Context, network string, source netip.Addr, address string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), askAtMost)
	defer cancel()
	return dialFrom(ctx, network, source, address)
}

// front is the balancer's address.
func (b *bench) front() string { return net.JoinHostPort("127.0.7.10", strconv.Itoa(b.port)) }

// states are the targets' states by address.
func (b *bench) states() string {
	out := ""
	for _, one := range b.balancer.Targets() {
		out += fmt.Sprintf("%s=%s ", netip.MustParseAddrPort(one.Address).Addr(), one.State)
	}
	return out
}

func (b *bench) until(what string, done func() bool) {
	b.t.Helper()
	testkit.Await(b.t, what, done, func() any {
		said := []any{"targets: " + b.states()}
		b.balancer.said.Range(func(trouble, _ any) bool { said = append(said, trouble); return true })
		return said
	})
}

func (b *bench) untilStates(want string) {
	b.t.Helper()
	b.until("targets are "+want, func() bool { return b.states() == want })
}

// backend is a server that echoes lines behind its name.
type backend struct {
	name   string
	socket net.Listener
	taken  atomic.Int64
	// hangsUp makes it say nothing more after its first answer.
	hangsUp atomic.Bool
	mutex   sync.Mutex
	conns   []net.Conn
}

func (b *bench) backend(ip string) *backend {
	b.t.Helper()
	socket, err := net.Listen("tcp", net.JoinHostPort(ip, strconv.Itoa(b.port)))
	if err != nil {
		b.t.Fatal(err)
	}
	out := &backend{name: ip, socket: socket}
	go func() {
		for {
			conn, err := socket.Accept()
			if err != nil {
				return
			}
			out.mutex.Lock()
			out.conns = append(out.conns, conn)
			out.mutex.Unlock()
			go func() {
				for lines := bufio.NewReader(conn); ; {
					line, err := lines.ReadString('\n')
					if err != nil {
						_ = conn.Close()
						return
					}
					out.taken.Add(1)
					_, _ = io.WriteString(conn, ip+" "+line)
					if out.hangsUp.Load() {
						_ = conn.(*net.TCPConn).CloseWrite()
						_, _ = io.Copy(io.Discard, lines)
					}
				}
			}()
		}
	}()
	b.t.Cleanup(out.kill)
	return out
}

// kill ends the server and its connections.
func (s *backend) kill() {
	_ = s.socket.Close()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, conn := range s.conns {
		_ = conn.Close()
	}
}

// ask sends a line over a new connection from an address and gives the answer.
func ask(from, to string) (string, error) {
	conn, err := connect(from, to)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close() }()
	return say(conn, "hello")
}

func connect(from, to string) (net.Conn, error) {
	dialer := net.Dialer{Timeout: askAtMost, LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	conn, err := dialer.Dial("tcp", to)
	if err != nil {
		return nil, err
	}
	return conn, conn.SetDeadline(time.Now().Add(askAtMost))
}

func say(conn net.Conn, text string) (string, error) {
	if _, err := io.WriteString(conn, text+"\n"); err != nil {
		return "", err
	}
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		return "", err
	}
	return line[:len(line)-1], nil
}

// freePort is a port of all loopback addresses below the range that the kernel takes ports of outgoing connections from
// (32768 on): a health check that left from the balancer's address would hold its port for a minute after its end.
func freePort(t *testing.T) int {
	t.Helper()
	for range 100 {
		port := 20000 + rand.IntN(12000)
		if socket, err := net.Listen("tcp", fmt.Sprintf("0.0.0.0:%d", port)); err == nil {
			_ = socket.Close()
			return port
		}
	}
	t.Fatal("no port is free")
	return 0
}
