package network

import (
	"net/netip"
	"testing"
)

func TestTheRouterIsTheFirstAddressOfItsSubnet(t *testing.T) {
	place := Place{Subnet: netip.MustParsePrefix("10.20.240.0/24"), Network: netip.MustParsePrefix("10.20.0.0/16")}
	if got := place.Router().String(); got != "10.20.240.1" {
		t.Fatalf("got %s", got)
	}
}

func TestAHardwareAddressFollowsFromTheIPAddress(t *testing.T) {
	if got := MAC(netip.MustParseAddr("10.20.240.121")); got != "02:00:0a:14:f0:79" {
		t.Fatalf("got %s", got)
	}
}

func TestACablesNameFitsAnInterface(t *testing.T) {
	_, one := names("i-0123456789abcdef0")
	_, other := names("i-0123456789abcdef1")
	if len(one) > 15 || one == other {
		t.Fatalf("got %s and %s", one, other)
	}
}
