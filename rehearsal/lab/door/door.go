// Package door lets the rehearsal's bastion, which works outside of the lab's namespaces, reach hosts inside of them.
//
// A client connects to a unix socket and says in one line where to, "10.40.0.11:22". The answer is a line, "ok" or why
// not; after "ok" the connection is that of the host.
package door

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"drover/rehearsal/lab/accept"
)

// Name is that of the socket in the lab's folder.
const Name = "door.sock"

const (
	requestDeadline = 5 * time.Second
	dialDeadline    = 10 * time.Second
)

// Door passes connections on. It must work inside of the lab's namespaces.
type Door struct {
	// Admits says whether an address may be reached through the door.
	Admits func(to netip.AddrPort) bool
	Log    *slog.Logger
}

// Run opens the door in a folder until ctx ends, and waits until nobody stands in it.
func (d *Door) Run(ctx context.Context, lab string) error {
	if err := os.Remove(filepath.Join(lab, Name)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	folder, err := os.Open(lab) // a path may be longer than a socket's name
	if err != nil {
		return err
	}
	defer folder.Close()
	listener, err := net.Listen("unix", fmt.Sprintf("/proc/self/fd/%d/%s", folder.Fd(), Name))
	if err != nil {
		return err
	}
	var passing sync.WaitGroup
	defer passing.Wait()
	defer context.AfterFunc(ctx, func() { _ = listener.Close() })()
	accept.Each(listener, d.Log, func(client net.Conn) {
		passing.Go(func() {
			defer client.Close()
			defer context.AfterFunc(ctx, func() { _ = client.Close() })()
			d.pass(ctx, client)
		})
	})
	return nil
}

func (d *Door) pass(ctx context.Context, client net.Conn) {
	_ = client.SetDeadline(time.Now().Add(requestDeadline))
	input := bufio.NewReader(client)
	line, err := input.ReadString('\n')
	if err != nil {
		return
	}
	_ = client.SetDeadline(time.Time{})
	host, err := d.dial(ctx, strings.TrimSpace(line))
	if err != nil {
		_, _ = fmt.Fprintln(client, err)
		return
	}
	defer host.Close()
	if _, err := fmt.Fprintln(client, "ok"); err != nil {
		return
	}
	// whoever hangs up first ends both ways: an SSH connection has no half
	go func() {
		_, _ = io.Copy(host, input)
		_ = host.Close()
	}()
	_, _ = io.Copy(client, host)
}

func (d *Door) dial(ctx context.Context, to string) (net.Conn, error) {
	address, err := netip.ParseAddrPort(to)
	if err != nil || !d.Admits(address) {
		d.Log.Warn("not let through", "to", to)
		return nil, fmt.Errorf("no host of the lab is at %q", to)
	}
	bounded, cancel := context.WithTimeout(ctx, dialDeadline)
	defer cancel()
	return (&net.Dialer{}).DialContext(bounded, "tcp4", to)
}
