package world

import (
	"strings"
	"testing"
)

func TestAnObjectsStemIsThatOfTheFileThatTheProviderWrote(t *testing.T) {
	// as the simulated provider names it (rehearsal/provider/world.go)
	object := &Object{Type: "helm_release", ID: "storefront", Key: "storefront/storefront", Scope: "c-m-c875ecb3"}
	if got := Stem(object); got != "storefront~0e1ee135" {
		t.Errorf("got %q", got)
	}
}

func TestNoObjectIsHiddenByWhereItsIdentifierIsCut(t *testing.T) {
	id := "/providers/Microsoft.Network/" + strings.Repeat("a", 71)
	if got := Stem(&Object{Type: "azurerm_subnet", ID: id}); !strings.HasPrefix(got, "_Network_aaa") {
		t.Errorf("got %q", got)
	}
}
