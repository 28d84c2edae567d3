package balance

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"drover/rehearsal/lab/host"
)

func TestATargetThatSaysNothingCostsOneConnectionASecondAndIsThenPassedOver(t *testing.T) {
	// health is looked at once and then left alone, so that a connection is the first that meets the silence
	b := newBench(t, map[string]any{"health_check": []any{map[string]any{"interval": 600, "protocol": "TCP"}}})
	b.backend("127.0.7.21")
	b.backend("127.0.7.22")
	b.attach("127.0.7.21")
	b.attach("127.0.7.22")
	var cut atomic.Bool
	var waited atomic.Int64
	front := netip.MustParseAddrPort(b.front()).Addr()
	ctx, stop := context.WithCancel(context.Background())
	balancer, err := Start(ctx, Config{
		World: b.world, Machines: func() []host.Machine { return nil }, second: tick,
		Dial: func(ctx context.Context, network string, source netip.Addr, address string) (net.Conn, error) {
			if cut.Load() && strings.HasPrefix(address, "127.0.7.22:") {
				if source == front { // else it is a look at its health
					waited.Add(1)
					if end, isBounded := ctx.Deadline(); !isBounded || time.Until(end) > tick {
						t.Errorf("a connection waits for the silent target until %s, want a second", end)
					}
				}
				<-ctx.Done() // a machine without power answers nothing, not even a refusal
				return nil, ctx.Err()
			}
			return patiently(ctx, network, source, address)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer balancer.Wait()
	defer stop()
	b.balancer = balancer
	b.untilStates("127.0.7.21=healthy 127.0.7.22=healthy ")
	cut.Store(true)
	for range 10 {
		if answer, err := ask(client, b.front()); err != nil || answer != "127.0.7.21 hello" {
			t.Fatalf("answer %q, error %v", answer, err)
		}
	}
	if waited.Load() != 1 {
		t.Errorf("%d of 10 connections waited for the silent target, want 1", waited.Load())
	}
}
