// Package supervisor answers on RKE2's port 9345: what machines need to join.
package supervisor

import (
	"context"
	"crypto/subtle"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"drover/rehearsal/kube/etcd"
	"drover/rehearsal/kube/pki"
)

// Paths of the supervisor that need the token.
const (
	PathBootstrap = "/v1-rke2/server-bootstrap"
	PathMember    = "/v1-rke2/etcd-member"
	PathNode      = "/v1-rke2/node"
	PathToken     = "/v1-rke2/token"
)

// admitDeadline bears another server that is joining at the same time.
const admitDeadline = 4 * time.Minute

// bodyLimit in bytes: requests are names and tokens.
const bodyLimit = 64 << 10

// Cluster is what the supervisor does for others. Its methods return ErrStarting until this server can.
type Cluster interface {
	Secret() string
	Shared() (map[string][]byte, error)
	// CheckPassword compares a node's password with the one that it joined with first, if there is one.
	CheckPassword(ctx context.Context, node, password string) error
	// ClaimPassword does the same, and keeps the password of a node that is new.
	ClaimPassword(ctx context.Context, node, password string) error
	Admit(ctx context.Context, name, peer string) (etcd.Membership, error)
	IssueNode(name, address string) (pki.Node, error)
	APIServers(ctx context.Context) ([]string, error)
	RotateToken(ctx context.Context, secret string) error
}

// ErrStarting is the answer of a server that is not ready to let others join.
var ErrStarting = errors.New("this server is starting")

// ErrRefused marks a request that stays wrong however often it is repeated.
var ErrRefused = errors.New("refused")

// JoiningMember asks for a place in etcd.
type JoiningMember struct {
	Node     string `json:"node"`
	Password string `json:"password"`
	Name     string `json:"name"`
	Peer     string `json:"peer"`
}

// JoiningNode asks for a node's certificates.
type JoiningNode struct {
	Node     string `json:"node"`
	Password string `json:"password"`
	Address  string `json:"address"`
}

// NodeGrant is the answer to it.
type NodeGrant struct {
	Files      pki.Node `json:"files"`
	APIServers []string `json:"apiServers"`
}

// NewToken asks for another secret.
type NewToken struct {
	Secret string `json:"secret"`
}

// Serve listens until the context ends. bundle is the CA certificate that /cacerts gives.
func Serve(ctx context.Context, listener net.Listener, certificate tls.Certificate, bundle []byte, cluster Cluster) error {
	server := &http.Server{
		Handler:           handler(bundle, cluster),
		TLSConfig:         &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12},
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          slog.NewLogLogger(slog.Default().Handler(), slog.LevelDebug),
	}
	stop := context.AfterFunc(ctx, func() { server.Close() })
	defer stop()
	if err := server.ServeTLS(listener, "", ""); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func handler(bundle []byte, cluster Cluster) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /ping", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "pong") })
	mux.HandleFunc("GET /cacerts", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		w.Write(bundle)
	})
	guarded := func(pattern string, answer func(*http.Request) (any, error)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			_, password, given := r.BasicAuth()
			if !given || subtle.ConstantTimeCompare([]byte(password), []byte(cluster.Secret())) != 1 {
				slog.Warn("request with another token refused", "path", r.URL.Path, "from", r.RemoteAddr)
				http.Error(w, "not authorized: the token is not this cluster's", http.StatusUnauthorized)
				return
			}
			document, err := answer(r)
			reply(w, r, document, err)
		})
	}
	guarded("GET "+PathBootstrap, func(*http.Request) (any, error) { return cluster.Shared() })
	guarded("POST "+PathMember, func(r *http.Request) (any, error) { return admit(r, cluster) })
	guarded("POST "+PathNode, func(r *http.Request) (any, error) { return grant(r, cluster) })
	guarded("PUT "+PathToken, func(r *http.Request) (any, error) { return rotate(r, cluster) })
	return mux
}

func admit(r *http.Request, cluster Cluster) (any, error) {
	asked, err := read[JoiningMember](r)
	if err != nil {
		return nil, err
	}
	if etcd.NodeOf(asked.Name) != asked.Node || asked.Node == "" || asked.Peer == "" {
		return nil, errIncomplete(PathMember)
	}
	if err := cluster.CheckPassword(r.Context(), asked.Node, asked.Password); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(r.Context(), admitDeadline)
	defer cancel()
	slog.Info("a server joins", "node", asked.Node, "member", asked.Name, "peer", asked.Peer)
	return cluster.Admit(ctx, asked.Name, asked.Peer)
}

func grant(r *http.Request, cluster Cluster) (any, error) {
	asked, err := read[JoiningNode](r)
	if err != nil {
		return nil, err
	}
	if asked.Node == "" || net.ParseIP(asked.Address) == nil {
		return nil, errIncomplete(PathNode)
	}
	servers, err := cluster.APIServers(r.Context())
	if err != nil {
		return nil, err
	}
	if err := cluster.ClaimPassword(r.Context(), asked.Node, asked.Password); err != nil {
		return nil, err
	}
	files, err := cluster.IssueNode(asked.Node, asked.Address)
	if err != nil {
		return nil, err
	}
	slog.Info("an agent joins", "node", asked.Node, "address", asked.Address)
	return NodeGrant{Files: files, APIServers: servers}, nil
}

func rotate(r *http.Request, cluster Cluster) (any, error) {
	asked, err := read[NewToken](r)
	if err != nil {
		return nil, err
	}
	if asked.Secret == "" {
		return nil, errIncomplete(PathToken)
	}
	return struct{}{}, cluster.RotateToken(r.Context(), asked.Secret)
}

func read[T any](r *http.Request) (T, error) {
	var document T
	if err := json.NewDecoder(io.LimitReader(r.Body, bodyLimit)).Decode(&document); err != nil {
		return document, errNoDocument(err)
	}
	return document, nil
}

func reply(w http.ResponseWriter, r *http.Request, document any, err error) {
	switch {
	case err == nil:
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(document); err != nil {
			slog.Warn("answer not sent", "path", r.URL.Path, "why", err)
		}
	case errors.Is(err, ErrRefused):
		slog.Warn("request refused", "path", r.URL.Path, "from", r.RemoteAddr, "why", err)
		http.Error(w, err.Error(), http.StatusForbidden)
	default:
		slog.Info("request not answered yet", "path", r.URL.Path, "from", r.RemoteAddr, "why", err)
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
	}
}
