package accept

import (
	"errors"
	"log/slog"
	"net"
	"testing"
)

// flaky is a listener whose first answer is an error that passes.
type flaky struct {
	net.Listener
	asked int
}

func (f *flaky) Accept() (net.Conn, error) {
	f.asked++
	if f.asked == 1 {
		return nil, errors.New("too many open files")
	}
	return f.Listener.Accept()
}

func TestAnErrorThatPassesIsNotTheEnd(t *testing.T) {
	open, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	client, err := net.Dial("tcp4", open.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()

	served := 0
	Each(&flaky{Listener: open}, slog.New(slog.DiscardHandler), func(connection net.Conn) {
		served++
		_ = connection.Close()
		_ = open.Close()
	})
	if served != 1 {
		t.Errorf("served %d connections", served)
	}
}
