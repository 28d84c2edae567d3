package host

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestNoMoreMachinesBootAtOnceThanThereArePlaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		places := make(firstBoots, 1)
		ctx, cancel := context.WithCancel(t.Context())
		if err := places.enter(ctx); err != nil {
			t.Fatal(err)
		}
		second := make(chan error, 1)
		go func() { second <- places.enter(ctx) }()
		synctest.Wait() // until it can't go on by itself
		select {
		case err := <-second:
			t.Errorf("the second one did not wait: %v", err)
		default:
		}
		places.leave()
		if err := <-second; err != nil {
			t.Error(err)
		}
		cancel()
		if err := places.enter(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

func TestAMachineThatIsOffHoldsNoPlace(t *testing.T) {
	hosts := aLab(t, Machine{ID: "i-0a", State: Pending})
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		hosts.awaitBootstrap(hosts.guests["i-0a"])
		if waited := time.Since(began); waited != 0 {
			t.Errorf("it was waited for, %s", waited)
		}
	})
}
