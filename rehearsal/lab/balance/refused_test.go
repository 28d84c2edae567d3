package balance

import (
	"errors"
	"net/netip"
	"sync/atomic"
	"syscall"
	"testing"
)

func TestAnAddressThatIsToRefuseIsNotListenedOnUntilItMayAgain(t *testing.T) {
	b := newBench(t, nil)
	b.backend("127.0.7.21")
	b.attach("127.0.7.21")
	var refused atomic.Pointer[[]netip.AddrPort]
	refused.Store(&[]netip.AddrPort{})
	b.refused = func() []netip.AddrPort { return *refused.Load() }
	b.start()
	b.untilStates("127.0.7.21=healthy ")
	open, err := connect(client, b.front())
	if err != nil {
		t.Fatal(err)
	}
	defer open.Close()
	if _, err := say(open, "hello"); err != nil {
		t.Fatal(err)
	}

	front := netip.MustParseAddrPort(b.front())
	for _, what := range []netip.AddrPort{front, netip.AddrPortFrom(front.Addr(), 0)} {
		refused.Store(&[]netip.AddrPort{what})
		b.until("the address refuses", func() bool {
			_, err := ask(client, b.front())
			return errors.Is(err, syscall.ECONNREFUSED)
		})
		refused.Store(&[]netip.AddrPort{netip.AddrPortFrom(front.Addr(), front.Port()+1)})
		b.until("the address answers, for another port refuses", func() bool {
			_, err := ask(client, b.front())
			return err == nil
		})
	}
	if _, err := say(open, "hello"); err == nil {
		t.Error("a connection outlives the refusal")
	}
}
