package door

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"drover/rehearsal/rancher/testkit"
)

// open has a door to one echoing host, and answers where that is.
func open(t *testing.T) (lab, host string) {
	t.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer connection.Close()
				_, _ = io.Copy(connection, connection)
			}()
		}
	}()
	host, lab = listener.Addr().String(), t.TempDir()
	known := netip.MustParseAddrPort(host)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	d := &Door{Admits: func(to netip.AddrPort) bool { return to == known }, Log: slog.New(slog.DiscardHandler)}
	go func() { ended <- d.Run(ctx, lab) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return lab, host
}

func through(t *testing.T, lab, to string) (net.Conn, *bufio.Reader, string) {
	t.Helper()
	var client net.Conn
	var err error
	testkit.Await(t, "the door is open", func() bool {
		client, err = net.Dial("unix", filepath.Join(lab, Name))
		return err == nil
	}, func() any { return err })
	t.Cleanup(func() { _ = client.Close() })
	_ = client.SetDeadline(time.Now().Add(30 * time.Second))
	fmt.Fprintln(client, to)
	input := bufio.NewReader(client)
	answer, err := input.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return client, input, strings.TrimSpace(answer)
}

func TestAHostIsReachedThroughTheDoor(t *testing.T) {
	lab, host := open(t)
	client, input, answer := through(t, lab, host)
	if answer != "ok" {
		t.Fatalf("answer: %q", answer)
	}
	fmt.Fprintln(client, "hello")
	if echoed, err := input.ReadString('\n'); echoed != "hello\n" || err != nil {
		t.Errorf("got %q, %v", echoed, err)
	}
}

func TestNobodyElseIsReached(t *testing.T) {
	lab, _ := open(t)
	for _, to := range []string{"127.0.0.1:1", "nonsense", ""} {
		if _, _, answer := through(t, lab, to); answer != fmt.Sprintf("no host of the lab is at %q", to) {
			t.Errorf("%q: %q", to, answer)
		}
	}
}
