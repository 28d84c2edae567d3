package trouble

import (
	"errors"
	"net/netip"
	"slices"
	"testing"
)

func aBook(mirror *[]bool) *Book {
	return &Book{
		Balancer: func(name string) ([]netip.Addr, error) {
			if name != "rancher.dev.example.com" {
				return nil, errors.New("no load balancer")
			}
			return []netip.Addr{netip.MustParseAddr("10.20.0.5"), netip.MustParseAddr("10.20.1.5")}, nil
		},
		RefuseMirror: func(refuse bool) error { *mirror = append(*mirror, refuse); return nil },
	}
}

func set(t *testing.T, b *Book, name, argument string, on bool) {
	t.Helper()
	if err := b.Set(name, argument, on); err != nil {
		t.Fatal(err)
	}
}

func TestSecretsAreHiddenByTheBeginningOfTheirNames(t *testing.T) {
	b := aBook(nil)
	set(t, b, Secret, "/drover/dev/management", true)
	if !b.HidesSecret("/drover/dev/management/join") || b.HidesSecret("/drover/dev/shop/join") {
		t.Fatal("another secret is hidden than the one that was named")
	}
	set(t, b, Secret, "/drover/dev/management", false)
	if b.HidesSecret("/drover/dev/management/join") {
		t.Fatal("it stays hidden")
	}
}

func TestABalancersAddressesAreRefusedOnOnePortOrOnAll(t *testing.T) {
	b := aBook(nil)
	set(t, b, Address, "rancher.dev.example.com:443", true)
	want := []netip.AddrPort{netip.MustParseAddrPort("10.20.0.5:443"), netip.MustParseAddrPort("10.20.1.5:443")}
	if got := b.Refused(); !slices.Equal(got, want) {
		t.Fatalf("got %v", got)
	}
	set(t, b, Address, "rancher.dev.example.com", true)
	if got := b.Refused(); len(got) != 4 || got[2].Port() != 0 {
		t.Fatalf("got %v", got)
	}
	set(t, b, Address, "", false)
	if got := b.Refused(); len(got) != 0 {
		t.Fatalf("after \"off\" there are %v", got)
	}
}

func TestATroubleIsOnOnceAndOffForAllOfItsName(t *testing.T) {
	var mirror []bool
	b := aBook(&mirror)
	set(t, b, Mirror, "", true)
	set(t, b, Mirror, "", true)
	set(t, b, Secret, "/a", true)
	set(t, b, Secret, "/b", true)
	if got := b.List(); len(got) != 3 || got[0].Name != Mirror || got[2].Argument != "/b" {
		t.Fatalf("got %+v", got)
	}
	set(t, b, Secret, "", false)
	set(t, b, Mirror, "", false)
	if got := b.List(); got == nil || len(got) != 0 || !slices.Equal(mirror, []bool{true, true, false}) {
		t.Fatalf("got %+v, the mirror was told %v", got, mirror)
	}
}

func TestATroubleThatCantBeIsRefused(t *testing.T) {
	for _, try := range []struct{ name, argument, want string }{
		{"weather", "", `trouble "weather" is unknown: there are "secret", "address" and "mirror"`},
		{Secret, "", `trouble "secret" needs an argument: give the beginning of a parameter's name, such as /drover/dev`},
		{Address, "", `trouble "address" needs an argument: give a name of a load balancer, with or without ":port"`},
		{Address, "rancher.dev.example.com:no", `"rancher.dev.example.com:no" does not end in a port: it must be from 1 to 65535, or leave ":port" out`},
		{Address, "elsewhere.example.com", "no load balancer"},
		{Mirror, "debian", `trouble "mirror" takes no argument, got "debian": there is one mirror`},
	} {
		b := aBook(nil)
		if err := b.Set(try.name, try.argument, true); err == nil || err.Error() != try.want {
			t.Errorf("%q %q: got %v", try.name, try.argument, err)
		}
		if len(b.List()) > 0 {
			t.Errorf("%q is on", try.name)
		}
	}
}

func TestAMirrorThatCantBeClosedIsNotSaidToBeDown(t *testing.T) {
	b := &Book{RefuseMirror: func(bool) error { return errors.New("busy") }}
	if err := b.Set(Mirror, "", true); err == nil || len(b.List()) > 0 {
		t.Fatalf("got %v, %v", err, b.List())
	}
}
