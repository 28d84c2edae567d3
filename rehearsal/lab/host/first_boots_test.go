package host

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestNoMoreMachinesBootAtOnceThanThereArePlaces(t *testing.T) {
	places := make(firstBoots, 1)
	ctx, cancel := context.WithCancel(context.Background())
	if err := places.enter(ctx); err != nil {
		t.Fatal(err)
	}
	second := make(chan error, 1)
	go func() { second <- places.enter(ctx) }()
	select {
	case err := <-second:
		t.Fatalf("the second one did not wait: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	places.leave()
	if err := <-second; err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := places.enter(ctx); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
}

func TestAMachineThatIsOffHoldsNoPlace(t *testing.T) {
	hosts := aLab(t, Machine{ID: "i-0a", State: Pending})
	began := time.Now()
	hosts.awaitBootstrap(hosts.guests["i-0a"])
	if time.Since(began) > firstBootAtMost/2 {
		t.Fatal("it was waited for")
	}
}
