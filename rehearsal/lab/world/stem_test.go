package world

import "testing"

func TestAnObjectsStemIsThatOfTheFileThatTheProviderWrote(t *testing.T) {
	// as the simulated provider names it (rehearsal/provider/world.go)
	object := &Object{Type: "helm_release", ID: "storefront", Key: "storefront/storefront", Scope: "c-m-c875ecb3"}
	if got := Stem(object); got != "storefront~0e1ee135" {
		t.Errorf("got %q", got)
	}
}
