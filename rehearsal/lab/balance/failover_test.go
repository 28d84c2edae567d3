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
	b := newBench(t, nil)
	b.backend("127.0.7.21")
	b.backend("127.0.7.22")
	b.attach("127.0.7.21")
	b.attach("127.0.7.22")
	var cut atomic.Bool
	ctx, stop := context.WithCancel(context.Background())
	balancer, err := Start(ctx, Config{
		World: b.world, Machines: func() []host.Machine { return nil }, second: tick,
		Dial: func(ctx context.Context, network string, source netip.Addr, address string) (net.Conn, error) {
			if cut.Load() && strings.HasPrefix(address, "127.0.7.22:") {
				<-ctx.Done() // a machine without power answers nothing, not even a refusal
				return nil, ctx.Err()
			}
			return dialFrom(ctx, network, source, address)
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
	slow := 0
	for range 10 {
		began := time.Now()
		if answer, err := ask(client, b.front()); err != nil || answer != "127.0.7.21 hello" {
			t.Fatalf("answer %q, error %v", answer, err)
		}
		if time.Since(began) >= tick {
			slow++
		}
	}
	if slow != 1 {
		t.Errorf("%d of 10 connections waited for the silent target, want 1", slow)
	}
}
