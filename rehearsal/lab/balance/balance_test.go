package balance

import (
	"context"
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

func TestAKilledBackendCostsNoConnectionButThoseThatAreOpen(t *testing.T) {
	b := newBench(t, nil)
	backends := []*backend{b.backend("127.0.7.21"), b.backend("127.0.7.22"), b.backend("127.0.7.23")}
	for _, one := range backends {
		b.attach(one.name)
	}
	b.start()
	b.untilStates("127.0.7.21=healthy 127.0.7.22=healthy 127.0.7.23=healthy ")

	const clients = 4 // each has one connection at a time
	var asked, open, later atomic.Int64
	var isKilled atomic.Bool
	var running sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	for range clients {
		running.Go(func() {
			for ; ctx.Err() == nil; time.Sleep(time.Millisecond) {
				failed := &open
				if isKilled.Load() {
					failed = &later
				}
				if _, err := ask(client, b.front()); err != nil {
					failed.Add(1)
				}
				asked.Add(1)
			}
		})
	}
	b.until("the backend is asked", func() bool { return backends[1].taken.Load() > 0 })
	backends[1].kill()
	isKilled.Store(true)
	b.untilStates("127.0.7.21=healthy 127.0.7.22=unhealthy 127.0.7.23=healthy ")
	enough := asked.Load() + 100
	b.until("the clients go on", func() bool { return asked.Load() >= enough })
	stop()
	running.Wait()
	t.Logf("%d connections, %d that were open failed", asked.Load(), open.Load())
	if open.Load() > clients {
		t.Errorf("%d connections failed, want only those that were open at the time, at most %d", open.Load(), clients)
	}
	if later.Load() != 0 {
		t.Errorf("%d connections failed that were new", later.Load())
	}
	for range 30 {
		if answer, err := ask(client, b.front()); err != nil || strings.HasPrefix(answer, "127.0.7.22 ") {
			t.Fatalf("answer %q, error %v", answer, err)
		}
	}
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
			if keep == "false" {
				if answer, err := say(conn, "me"); answer != "127.0.7.21 me" {
					t.Errorf("answer %q, error %v", answer, err)
				}
				return
			}
			_ = conn.SetDeadline(time.Now().Add(300 * time.Millisecond))
			_, err = say(conn, "me")
			if timeout, is := err.(net.Error); !is || !timeout.Timeout() {
				t.Errorf("error %v, want silence until the deadline", err)
			}
			if answer, err := ask(client, b.front()); err != nil || answer != "127.0.7.21 hello" {
				t.Errorf("another client got %q, error %v", answer, err)
			}
			if self.taken.Load() != 1 { // that of the other client
				t.Error("the target got the connection")
			}
		})
	}
}

// draining is a bench whose target has left its group, a connection that it had, and the moment.
func draining(t *testing.T, delaySec string) (b *bench, conn net.Conn, since time.Time) {
	t.Helper()
	b = newBench(t, map[string]any{"deregistration_delay": delaySec})
	b.backend("127.0.7.21")
	leaving := b.attach("127.0.7.21")
	b.start()
	b.untilStates("127.0.7.21=healthy ")
	conn, err := connect(client, b.front())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if _, err := say(conn, "before"); err != nil {
		t.Fatal(err)
	}
	b.backend("127.0.7.22")
	b.attach("127.0.7.22")
	since = time.Now()
	if err := b.world.Remove(leaving); err != nil {
		t.Fatal(err)
	}
	return b, conn, since
}

func TestDrainingKeepsConnectionsAndTakesNoNewOnes(t *testing.T) {
	b, conn, _ := draining(t, "3600")
	b.untilStates("127.0.7.21=draining 127.0.7.22=healthy ")
	if answer, err := say(conn, "while"); err != nil || answer != "127.0.7.21 while" {
		t.Errorf("open connection got %q, error %v", answer, err)
	}
	for range 3 {
		if answer, err := ask(client, b.front()); err != nil || answer != "127.0.7.22 hello" {
			t.Errorf("new connection got %q, error %v", answer, err)
		}
	}
}

func TestDrainingEndsConnectionsAfterTheDelay(t *testing.T) {
	b, conn, since := draining(t, "8")
	b.untilStates("127.0.7.22=healthy ")
	if took := time.Since(since); took < 8*tick {
		t.Errorf("the target has gone after %s", took)
	}
	answer, err := say(conn, "after")
	if late, is := err.(net.Error); err == nil || is && late.Timeout() {
		t.Errorf("the connection outlived the delay: %q, %v", answer, err)
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
		"interval": 20, "timeout": 20, "protocol": "HTTP", "path": "/healthz", "port": int(port), "matcher": "200",
		"unhealthy_threshold": 2,
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
