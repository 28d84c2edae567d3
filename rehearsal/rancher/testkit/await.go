package testkit

import (
	"testing"
	"time"
)

// awaitAtMost ends a wait for what never comes. It measures nothing: the slowest machine must be far below it.
const awaitAtMost = 2 * time.Minute

// Await waits until something is so, and fails the test where it never is. `states` are what its failure shows beside.
func Await(t testing.TB, what string, isSo func() bool, states ...func() any) {
	t.Helper()
	for end := time.Now().Add(awaitAtMost); !isSo(); time.Sleep(5 * time.Millisecond) {
		if time.Now().Before(end) {
			continue
		}
		seen := []any{}
		for _, state := range states {
			seen = append(seen, state())
		}
		t.Fatalf("not so after %s: %s; %+v", awaitAtMost, what, seen)
	}
}
