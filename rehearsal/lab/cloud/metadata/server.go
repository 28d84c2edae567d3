// Package metadata is the instance metadata service: version 2 with session tokens, never version 1.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
package metadata

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"drover/rehearsal/lab/cloud/estate"
	"drover/rehearsal/lab/cloud/seal"
	"drover/rehearsal/lab/host"
)

const (
	tokenUse       = "metadata"
	tokenHeader    = "X-Aws-Ec2-Metadata-Token"
	lifetimeHeader = "X-Aws-Ec2-Metadata-Token-Ttl-Seconds"
	longestToken   = 21600

	answerDeadline = 10 * time.Second
)

// Service answers the machines of the lab, told apart by their addresses.
type Service struct {
	Estate *estate.Estate
	Sealer *seal.Sealer
	Log    *slog.Logger
}

// session is what a token of the service says.
type session struct {
	Instance string    `json:"instance"`
	Expires  time.Time `json:"expires"`
}

// Server is an HTTP server for Serve with a listener of any kind of TCP.
func (s *Service) Server() *http.Server {
	return &http.Server{
		Handler: s, ReadHeaderTimeout: answerDeadline, ReadTimeout: answerDeadline, WriteTimeout: answerDeadline,
		IdleTimeout: answerDeadline, MaxHeaderBytes: 16 << 10,
		ConnContext: func(ctx context.Context, connection net.Conn) context.Context {
			s.limitHops(connection)
			return ctx
		},
		ErrorLog: slog.NewLogLogger(s.Log.Handler(), slog.LevelWarn),
	}
}

// ServeHTTP answers one request.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Server", "EC2ws")
	machine := s.Estate.MachineAt(callerOf(r))
	if machine == nil {
		s.Log.Warn("metadata asked by an address that is no machine's", "address", callerOf(r), "path", r.URL.Path)
		refuse(w, http.StatusNotFound)
		return
	}
	switch {
	case r.URL.Path == "/latest/api/token":
		s.giveToken(w, r, machine)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		refuse(w, http.StatusMethodNotAllowed)
	case !s.holdsToken(r, machine):
		s.Log.Warn("metadata asked without a valid token", "instance", machine.ID, "path", r.URL.Path)
		refuse(w, http.StatusUnauthorized)
	default:
		s.answer(w, r, machine)
	}
}

func (s *Service) giveToken(w http.ResponseWriter, r *http.Request, machine *host.Machine) {
	lifetime, err := strconv.Atoi(r.Header.Get(lifetimeHeader))
	switch {
	case r.Method != http.MethodPut:
		w.Header().Set("Allow", "OPTIONS, PUT")
		refuse(w, http.StatusMethodNotAllowed)
		return
	case r.Header.Get("X-Forwarded-For") != "":
		refuse(w, http.StatusForbidden)
		return
	case err != nil || lifetime < 1 || lifetime > longestToken:
		refuse(w, http.StatusBadRequest)
		return
	}
	expires := time.Now().Add(time.Duration(lifetime) * time.Second)
	token, err := s.Sealer.Seal(tokenUse, session{Instance: machine.ID, Expires: expires})
	if err != nil {
		s.fail(w, r, machine, err)
		return
	}
	w.Header().Set(lifetimeHeader, strconv.Itoa(lifetime))
	write(w, token)
}

func (s *Service) holdsToken(r *http.Request, machine *host.Machine) bool {
	var held session
	err := s.Sealer.Open(tokenUse, r.Header.Get(tokenHeader), &held)
	return err == nil && held.Instance == machine.ID && time.Now().Before(held.Expires)
}

var isVersion = regexp.MustCompile(`^(latest|1\.0|\d{4}-\d{2}-\d{2})$`)

// answer gives a value or a listing. Every version of the interface says the same.
func (s *Service) answer(w http.ResponseWriter, r *http.Request, machine *host.Machine) {
	version, path, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if version == "" {
		write(w, "1.0\n2009-04-04\n2016-09-02\n2018-09-24\n2021-03-23\nlatest")
		return
	}
	if !isVersion.MatchString(version) {
		refuse(w, http.StatusNotFound)
		return
	}
	values, err := s.values(machine)
	if err != nil {
		s.fail(w, r, machine, err)
		return
	}
	if value, found := values.find(path); found {
		write(w, value)
		return
	}
	refuse(w, http.StatusNotFound)
}

func (s *Service) fail(w http.ResponseWriter, r *http.Request, machine *host.Machine, err error) {
	s.Log.Error("metadata failed", "instance", machine.ID, "path", r.URL.Path, "error", err.Error())
	refuse(w, http.StatusInternalServerError)
}

func callerOf(r *http.Request) string {
	address, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return address
}

func write(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "text/plain")
	_, _ = io.WriteString(w, text) // the caller has gone: nobody is left to tell
}

func refuse(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "<html><head><title>%[1]d - %[2]s</title></head><body><h1>%[1]d - %[2]s</h1></body></html>\n",
		status, http.StatusText(status))
}
