// Package accept takes connections from a listener for as long as it is open.
package accept

import (
	"errors"
	"log/slog"
	"net"
	"time"
)

// an error that is not the end, such as too many open files, passes: until then the loop must not spin.
const pause = 100 * time.Millisecond

// Each hands every connection to serve, which must not block, until the listener is closed. Other errors are logged,
// and the listener asked again.
func Each(listener net.Listener, log *slog.Logger, serve func(net.Conn)) {
	for {
		connection, err := listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			log.Error("connection not accepted", "address", listener.Addr().String(), "error", err)
			time.Sleep(pause)
			continue
		}
		serve(connection)
	}
}
