// Package server answers as Rancher does to a machine that joins, and to whoever asks what has joined.
package server

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"drover/rehearsal/rancher/config"
	"drover/rehearsal/rancher/kubeapi"
	"drover/rehearsal/rancher/store"
)

// Options are the settings of one server of Rancher.
type Options struct {
	// Listen is the address to serve TLS on, such as :443.
	Listen string
	// ConfigFile is read again when it changes.
	ConfigFile string
	// AgentBinary is the file that machines get as their agent.
	AgentBinary string
	// MissingAfter replaces the duration of every cluster that has one; zero keeps the clusters' own.
	MissingAfter time.Duration
	// Every is the pause between two rounds of the planner.
	Every time.Duration
	// OfflineAfter is the silence after which a machine counts as offline.
	OfflineAfter time.Duration
	// Holder is this server's name in the lease.
	Holder string
	Log    *slog.Logger
	// Now is the clock.
	Now func() time.Time
	// APIAddress gives host and port of a server's Kubernetes API.
	APIAddress func(nodeAddress string) string
}

// Server is one of Rancher's equal servers.
type Server struct {
	options     Options
	config      atomic.Pointer[config.Config]
	read        time.Time
	binarySum   string
	lead        kubeapi.Lead
	management  atomic.Pointer[management]
	members     memberClients
	absent      absences
	lastMessage map[string]string
}

// management is the client of the cluster that Rancher itself runs in, made anew when its credential changes.
type management struct {
	store   *store.Store
	changed time.Time
}

// New reads the configuration and the agent's binary.
func New(options Options) (*Server, error) {
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.APIAddress == nil {
		options.APIAddress = func(nodeAddress string) string { return net.JoinHostPort(nodeAddress, "6443") }
	}
	server := &Server{options: options, lastMessage: map[string]string{}}
	if err := server.reload(); err != nil {
		return nil, err
	}
	sum, err := checksum(options.AgentBinary)
	if err != nil {
		return nil, fmt.Errorf("the agent's binary: %w", err)
	}
	server.binarySum = sum
	return server, nil
}

func checksum(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// reload reads the configuration if it is newer than the one in use.
func (s *Server) reload() error {
	info, err := os.Stat(s.options.ConfigFile)
	if err != nil {
		return err
	}
	if info.ModTime().Equal(s.read) {
		return nil
	}
	read, err := config.Read(s.options.ConfigFile)
	if err != nil {
		return err
	}
	s.read = info.ModTime()
	s.config.Store(read)
	s.options.Log.Info("configuration read", "file", s.options.ConfigFile, "clusters", len(read.Clusters))
	return nil
}

// store gives the store of machines, once the management cluster's credential is there.
func (s *Server) store() (*store.Store, error) {
	settings := s.config.Load()
	info, err := os.Stat(settings.Kubeconfig)
	if err != nil {
		return nil, fmt.Errorf("the management cluster is not there yet: %w", err)
	}
	if known := s.management.Load(); known != nil && known.changed.Equal(info.ModTime()) && known.store.Namespace == settings.Namespace {
		return known.store, nil
	}
	kubeconfig, err := kubeapi.ReadKubeconfig(settings.Kubeconfig)
	if err != nil {
		return nil, err
	}
	client, err := kubeapi.New(kubeconfig.Server, kubeconfig.Credential)
	if err != nil {
		return nil, err
	}
	made := &store.Store{Client: client, Namespace: settings.Namespace, OfflineAfter: s.options.OfflineAfter, Now: s.options.Now}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := made.Ensure(ctx); err != nil {
		return nil, err
	}
	s.management.Store(&management{store: made, changed: info.ModTime()})
	return made, nil
}

// Run serves until the context ends.
func (s *Server) Run(ctx context.Context) error {
	settings := s.config.Load()
	pair, err := tls.LoadX509KeyPair(settings.Certificate, settings.Key)
	if err != nil {
		return err
	}
	listener, err := tls.Listen("tcp", s.options.Listen, &tls.Config{
		Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"},
	})
	if err != nil {
		return err
	}
	web := &http.Server{Handler: s.Handler(), ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(s.options.Log.Handler(), slog.LevelDebug)}
	go s.Loop(ctx)
	go func() {
		<-ctx.Done()
		ended, cancel := context.WithTimeout(context.Background(), 3*time.Second)
		defer cancel()
		if web.Shutdown(ended) != nil {
			web.Close()
		}
	}()
	s.options.Log.Info("serving", "address", listener.Addr().String(), "url", settings.URL)
	if err := web.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Loop plans and cleans up in rounds, while this server leads.
func (s *Server) Loop(ctx context.Context) {
	ticker := time.NewTicker(s.options.Every)
	defer ticker.Stop()
	for {
		if err := s.reload(); err != nil {
			s.options.Log.Error("the configuration can't be read", "error", err.Error())
		}
		s.Round(ctx)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
