package balance

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"drover/rehearsal/lab/host"
)

const client = "127.0.7.200"

func TestConnectionsGoToHealthyTargetsInTurn(t *testing.T) {
	b := newBench(t, nil)
	b.backend("127.0.7.21")
	b.backend("127.0.7.22")
	for _, ip := range []string{"127.0.7.21", "127.0.7.22", "127.0.7.23"} {
		b.attach(ip)
	}
	b.start()
	b.until("two targets are healthy", func() bool { return strings.Count(b.states(), "=healthy") == 2 })
	counts := map[string]int{}
	for range 10 {
		answer, err := ask(client, b.front())
		if err != nil {
			t.Fatal(err)
		}
		counts[answer]++
	}
	if counts["127.0.7.21 hello"] != 5 || counts["127.0.7.22 hello"] != 5 {
		t.Errorf("answers %v, want five of each", counts)
	}
}

func TestAKilledBackendCostsNoNewConnectionAfterTheFirstSecond(t *testing.T) {
	b := newBench(t, nil)
	backends := []*backend{b.backend("127.0.7.21"), b.backend("127.0.7.22"), b.backend("127.0.7.23")}
	for _, one := range backends {
		b.attach(one.name)
	}
	b.start()
	b.untilStates("127.0.7.21=healthy 127.0.7.22=healthy 127.0.7.23=healthy ")

	var asked, early, late atomic.Int64
	var clients sync.WaitGroup
	killed := make(chan struct{})
	end := time.After(2500 * time.Millisecond)
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	var killedAt time.Time
	time.AfterFunc(500*time.Millisecond, func() {
		killedAt = time.Now()
		close(killed)
		backends[1].kill()
	})
	for running := true; running; {
		select {
		case <-end:
			running = false
		case <-ticker.C:
			clients.Add(1)
			go func() {
				defer clients.Done()
				asked.Add(1)
				if _, err := ask(client, b.front()); err != nil {
					select {
					case <-killed:
						if time.Since(killedAt) > time.Second {
							late.Add(1)
							return
						}
					default:
					}
					early.Add(1)
				}
			}()
		}
	}
	clients.Wait()
	t.Logf("%d connections, %d failed within the first second, %d later", asked.Load(), early.Load(), late.Load())
	if late.Load() != 0 {
		t.Errorf("%d connections failed after the first second", late.Load())
	}
	if early.Load() > 5 {
		t.Errorf("%d connections failed in the first second, want only those that were open at the time", early.Load())
	}
	if asked.Load() < 150 {
		t.Errorf("only %d connections were tried", asked.Load())
	}
	b.untilStates("127.0.7.21=healthy 127.0.7.22=unhealthy 127.0.7.23=healthy ")
	b.backend("127.0.7.22")
	b.untilStates("127.0.7.21=healthy 127.0.7.22=healthy 127.0.7.23=healthy ")
}

func TestATargetThatRefusedIsPassedOverUntilItAnswersAgain(t *testing.T) {
	b := newBench(t, map[string]any{"health_check": []any{map[string]any{"interval": 300, "protocol": "TCP"}}})
	b.backend("127.0.7.21")
	gone := b.backend("127.0.7.22")
	b.attach("127.0.7.21")
	b.attach("127.0.7.22")
	b.start()
	b.untilStates("127.0.7.21=healthy 127.0.7.22=healthy ")
	gone.kill()
	for range 4 {
		if answer, err := ask(client, b.front()); err != nil || answer != "127.0.7.21 hello" {
			t.Fatalf("answer %q, error %v", answer, err)
		}
	}
	back := b.backend("127.0.7.22")
	b.until("the target gets connections again", func() bool {
		_, _ = ask(client, b.front())
		return back.taken.Load() > 0
	})
}

func TestATargetsConnectionToItselfIsDroppedIfClientAddressesAreKept(t *testing.T) {
	for _, keep := range []string{"true", "false"} {
		t.Run("preserve_client_ip "+keep, func(t *testing.T) {
			b := newBench(t, map[string]any{"preserve_client_ip": keep})
			self := b.backend("127.0.7.21")
			b.attach("127.0.7.21")
			b.start()
			b.untilStates("127.0.7.21=healthy ")
			conn, err := connect("127.0.7.21", b.front())
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			_ = conn.SetDeadline(time.Now().Add(300 * time.Millisecond))
			answer, err := say(conn, "me")
			if keep == "false" {
				if answer != "127.0.7.21 me" {
					t.Errorf("answer %q, error %v", answer, err)
				}
				return
			}
			if timeout, is := err.(net.Error); !is || !timeout.Timeout() {
				t.Errorf("error %v, want silence until the deadline", err)
			}
			if self.taken.Load() != 0 {
				t.Error("the target got the connection")
			}
			if answer, err := ask(client, b.front()); err != nil || answer != "127.0.7.21 hello" {
				t.Errorf("another client got %q, error %v", answer, err)
			}
		})
	}
}

func TestDrainingKeepsConnectionsForTheDelayAndTakesNoNewOnes(t *testing.T) {
	b := newBench(t, map[string]any{"deregistration_delay": "8"}) // 800 ms
	b.backend("127.0.7.21")
	leaving := b.attach("127.0.7.21")
	b.start()
	b.untilStates("127.0.7.21=healthy ")
	conn, err := connect(client, b.front())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := say(conn, "before"); err != nil {
		t.Fatal(err)
	}
	b.backend("127.0.7.22")
	b.attach("127.0.7.22")
	if err := b.world.Remove(leaving); err != nil {
		t.Fatal(err)
	}
	b.until("the target drains", func() bool { return strings.Contains(b.states(), "127.0.7.21=draining") })
	if answer, err := say(conn, "while"); err != nil || answer != "127.0.7.21 while" {
		t.Errorf("open connection got %q, error %v", answer, err)
	}
	for range 3 {
		if answer, err := ask(client, b.front()); err != nil || answer != "127.0.7.22 hello" {
			t.Errorf("new connection got %q, error %v", answer, err)
		}
	}
	b.untilStates("127.0.7.22=healthy ")
	if answer, err := say(conn, "after"); err == nil {
		t.Errorf("the connection outlived the delay: %q", answer)
	}
}

func TestAllUnhealthyFailsOpen(t *testing.T) {
	// Health is asked at a port where nobody listens.
	b := newBench(t, map[string]any{"health_check": []any{map[string]any{
		"interval": 5, "protocol": "TCP", "port": "9", "unhealthy_threshold": 2,
	}}})
	b.backend("127.0.7.21")
	b.attach("127.0.7.21")
	b.start()
	b.untilStates("127.0.7.21=unhealthy ")
	if answer, err := ask(client, b.front()); err != nil || answer != "127.0.7.21 hello" {
		t.Errorf("answer %q, error %v", answer, err)
	}
}

func TestConnectionsOfAnUnhealthyTargetAreCut(t *testing.T) {
	healthy := atomic.Bool{}
	healthy.Store(true)
	b := newBench(t, nil)
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" || !healthy.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})}
	socket, err := net.Listen("tcp", "127.0.7.21:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(socket) }()
	t.Cleanup(func() { _ = server.Close() })
	port := netip.MustParseAddrPort(socket.Addr().String()).Port()
	group, _ := b.world.Find("aws_lb_target_group", groupARN)
	group.Attrs["health_check"] = []any{map[string]any{
		"interval": 5, "protocol": "HTTP", "path": "/healthz", "port": int(port), "matcher": "200", "unhealthy_threshold": 2,
	}}
	b.put("aws_lb_target_group", groupARN, group.Attrs)
	b.backend("127.0.7.21")
	b.attach("127.0.7.21")
	b.start()
	b.untilStates("127.0.7.21=healthy ")
	conn, err := connect(client, b.front())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := say(conn, "before"); err != nil {
		t.Fatal(err)
	}
	healthy.Store(false)
	b.untilStates("127.0.7.21=unhealthy ")
	b.until("the connection is cut", func() bool { return b.balancer.Targets()[0].Connections == 0 })
	if reason := b.balancer.Targets()[0].Reason; reason != "health check answered 503, allowed is '200'" {
		t.Errorf("reason %q", reason)
	}
}

func TestMachinesOfAScalingGroupAreTargetsWhileInService(t *testing.T) {
	b := newBench(t, map[string]any{"target_type": "instance"})
	b.put("aws_autoscaling_group", "workers", map[string]any{"name": "workers", "target_group_arns": []any{groupARN}})
	b.backend("127.0.7.21")
	machine := host.Machine{ID: "i-1", Group: "workers", Address: "127.0.7.21", State: host.Running, Lifecycle: "Pending:Wait"}
	b.setMachines(machine)
	b.start()
	if b.states() != "" {
		t.Fatalf("a waiting machine is a target: %s", b.states())
	}
	if answer, err := ask(client, b.front()); err == nil {
		t.Errorf("a group without targets answered %q", answer)
	}
	machine.Lifecycle = "InService"
	b.setMachines(machine)
	b.untilStates("127.0.7.21=healthy ")
	if answer, err := ask(client, b.front()); err != nil || answer != "127.0.7.21 hello" {
		t.Errorf("answer %q, error %v", answer, err)
	}
	machine.Lifecycle = "Terminating:Wait"
	b.setMachines(machine)
	b.untilStates("")
}
