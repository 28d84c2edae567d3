package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

const (
	headerDeadline   = 5 * time.Second
	shutdownDeadline = 5 * time.Second
)

// serve answers on every port until `told` ends, and then for as long as its grace.
func serve(told context.Context, settings settings, log io.Writer) error {
	server := &http.Server{Handler: answers(settings.host), ReadHeaderTimeout: headerDeadline}
	var listeners []net.Listener
	for _, port := range settings.ports {
		listener, err := net.Listen("tcp", net.JoinHostPort("", strconv.Itoa(port)))
		if err != nil {
			return err
		}
		defer listener.Close()
		listeners = append(listeners, listener)
	}
	var running sync.WaitGroup
	failed := make(chan error, len(listeners))
	for _, listener := range listeners {
		running.Go(func() {
			if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
				failed <- err
			}
		})
	}
	tell(log, settings.host, fmt.Sprintf("started on %v", settings.ports))
	var problem error
	select {
	case problem = <-failed:
	case <-told.Done():
		tell(log, settings.host, "told to end")
		time.Sleep(settings.grace)
	}
	ending, cancel := context.WithTimeout(context.Background(), shutdownDeadline)
	defer cancel()
	problem = errors.Join(problem, server.Shutdown(ending))
	running.Wait()
	tell(log, settings.host, "ended")
	return problem
}

func tell(log io.Writer, host, event string) {
	fmt.Fprintf(log, "%s %s %s\n", time.Now().UTC().Format(time.RFC3339Nano), host, event)
}

// answer is what every path gives.
type answer struct {
	Host string `json:"host"`
	Path string `json:"path"`
}

func answers(host string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(answer{Host: host, Path: r.URL.Path})
	})
}
