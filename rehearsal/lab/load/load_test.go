package load

import (
	"context"
	"encoding/pem"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func resolve(_ context.Context, name string) ([]netip.Addr, error) {
	if name != "example.com" {
		return nil, nil
	}
	return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
}

func TestEachRequestOpensAConnectionUnlessTheyAreKept(t *testing.T) {
	var connections atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.StartTLS()
	defer server.Close()
	authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	// the test server's certificate has this name
	address := "https://example.com:" + server.URL[strings.LastIndex(server.URL, ":")+1:]
	for kept, want := range map[bool]int32{false: 20, true: 1} {
		connections.Store(0)
		plan := Plan{URL: address, Rate: 20, Seconds: 1, KeepAlive: kept, Authority: authority}
		got, err := Client{Resolve: resolve}.Run(context.Background(), plan)
		if err != nil || got.Sent != 20 || got.Failed != 0 || got.Statuses["200"] != 20 || got.FirstFailureSec != nil ||
			got.P50Ms <= 0 || got.SlowestMs < got.P99Ms {
			t.Fatalf("kept %v: got %+v, %v", kept, got, err)
		}
		// a second connection is opened when an answer is late on a busy machine
		if count := connections.Load(); count != want && (!kept || count > 10) {
			t.Errorf("kept %v: %d connections", kept, count)
		}
	}
	got, err := Client{Resolve: resolve}.Run(context.Background(), Plan{URL: address, Rate: 2, Seconds: 1})
	if err != nil || got.Failed != 2 || got.P50Ms != 0 {
		t.Fatalf("a server of an unknown authority: got %+v, %v", got, err)
	}
}

func TestFailuresAreCountedFromTheFirstOne(t *testing.T) {
	refused := errors.New("refused")
	all := []one{
		{offset: 4 * time.Second, status: 503}, {offset: 0, took: 5 * time.Millisecond, status: 200},
		{offset: time.Second, took: 2 * time.Second, err: refused}, {offset: 2 * time.Second, err: refused},
		{offset: 3 * time.Second, took: 7 * time.Millisecond, status: 401},
	}
	got := sum(all)
	if got.Sent != 5 || got.Failed != 3 || got.FailedAfterFirstSecond != 1 || *got.FirstFailureSec != 1 ||
		*got.LastFailureSec != 4 || got.SlowestMs != 2000 || got.P50Ms != 5 || got.P99Ms != 7 ||
		got.Errors["refused"] != 2 || got.Statuses["503"] != 1 || got.Statuses["401"] != 1 {
		t.Fatalf("got %+v", got)
	}
}

func TestANameOutsideOfTheLabFails(t *testing.T) {
	got, err := Client{Resolve: resolve}.Run(context.Background(), Plan{URL: "http://elsewhere.example.com/", Rate: 1, Seconds: 1})
	if err != nil || got.Failed != 1 || got.Errors[`no address of "elsewhere.example.com" is known in the lab`] != 1 {
		t.Fatalf("got %+v, %v", got, err)
	}
}

func TestAPlanHasBounds(t *testing.T) {
	for _, try := range []struct {
		plan Plan
		want string
	}{
		{Plan{URL: "example.com", Rate: 1, Seconds: 1}, `address "example.com" is not like "https://name:port/path"`},
		{Plan{URL: "http://a/", Rate: 201, Seconds: 1}, "rate 201 is not allowed: it must be from 1 to 200 requests a second"},
		{Plan{URL: "http://a/", Rate: 1, Seconds: 0}, "0 seconds are not allowed: there must be from 1 to 300"},
		{Plan{URL: "http://a/", Rate: 1, Seconds: 1, Authority: []byte("no")}, "the authority's file holds no certificate: it must be PEM"},
	} {
		if _, err := (Client{}).Run(context.Background(), try.plan); err == nil || err.Error() != try.want {
			t.Errorf("got %v", err)
		}
	}
}

func TestALoadEndsWithItsClient(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(errors.New("the client has gone"))
	_, err := Client{Resolve: resolve}.Run(ctx, Plan{URL: "http://example.com/", Rate: 1, Seconds: 300})
	if err == nil || err.Error() != "the client has gone" {
		t.Fatalf("got %v", err)
	}
}
