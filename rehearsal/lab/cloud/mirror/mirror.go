// Package mirror serves the distribution's packages that the image's folder of packages holds, as the mirror that the
// machines' apt sources name.
package mirror

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"path"
	"sync"
	"time"
)

const (
	headerDeadline   = 10 * time.Second
	transferDeadline = 2 * time.Minute
)

// Server answers plain HTTP, as a mirror does: the packages' index is signed.
type Server struct {
	// Folder holds what is served.
	Folder string
	Addr   netip.AddrPort
	Log    *slog.Logger

	mutex   sync.Mutex
	server  *http.Server
	closed  bool
	running sync.WaitGroup
}

// Refuse closes the listener and every connection, so that new ones are refused at once, or listens again. After Close
// it does nothing.
func (s *Server) Refuse(refuse bool) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if refuse {
		return s.stop()
	}
	if s.server != nil || s.closed {
		return nil
	}
	listener, err := net.Listen("tcp4", s.Addr.String())
	if err != nil {
		return fmt.Errorf("package mirror: %w", err)
	}
	s.Addr = netip.MustParseAddrPort(listener.Addr().String())
	server := &http.Server{
		Handler: s, ReadHeaderTimeout: headerDeadline, ReadTimeout: headerDeadline, WriteTimeout: transferDeadline,
		IdleTimeout: headerDeadline,
	}
	s.server = server
	s.running.Go(func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.Log.Error("service ended", "address", s.Addr.String(), "error", err.Error())
		}
	})
	return nil
}

// Close ends the service for good.
func (s *Server) Close() error {
	s.mutex.Lock()
	s.closed = true
	err := s.stop()
	s.mutex.Unlock()
	s.running.Wait()
	return err
}

func (s *Server) stop() error {
	if s.server == nil {
		return nil
	}
	err := s.server.Close()
	s.server = nil
	return err
}

// ServeHTTP gives a file of the folder; folders are not listed.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.Error(w, "Method Not Allowed", http.StatusMethodNotAllowed)
		return
	}
	opened, err := http.Dir(s.Folder).Open(path.Clean("/" + r.URL.Path))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer opened.Close()
	status, err := opened.Stat()
	if err != nil || status.IsDir() {
		http.NotFound(w, r)
		return
	}
	if path.Ext(status.Name()) == ".deb" {
		s.Log.Info("package", "file", status.Name(), "address", r.RemoteAddr)
	}
	http.ServeContent(w, r, status.Name(), status.ModTime(), opened)
}
