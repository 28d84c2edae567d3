package network

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"

	"golang.org/x/sys/unix"
)

// DialFrom connects as a process on a host would: past its firewall where it asks itself, and through the others'.
func DialFrom(ctx context.Context, id, address string) (net.Conn, error) {
	namespace, _ := names(id)
	theirs, err := os.Open(filepath.Join(Namespaces, namespace))
	if err != nil {
		return nil, fmt.Errorf("network of %q: %w", id, err)
	}
	defer theirs.Close()
	// a thread that could not come back must not serve others: it ends with its goroutine, still locked
	runtime.LockOSThread()
	own, err := os.Open("/proc/thread-self/ns/net")
	if err != nil {
		return nil, err
	}
	defer own.Close()
	if err := unix.Setns(int(theirs.Fd()), unix.CLONE_NEWNET); err != nil {
		runtime.UnlockOSThread()
		return nil, fmt.Errorf("network of %q: %w", id, err)
	}
	connection, err := (&net.Dialer{}).DialContext(ctx, "tcp4", address)
	if back := unix.Setns(int(own.Fd()), unix.CLONE_NEWNET); back != nil {
		return nil, back
	}
	runtime.UnlockOSThread()
	return connection, err
}
