// Package vault answers in the place of the HashiCorp Vault that an environment names: what hosts of a data centre ask of
// it, over the secrets, roles and policies that the world holds.
package vault

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"drover/rehearsal/lab/world"
)

const (
	siteKind         = "metal_site"
	requestDeadline  = 15 * time.Second
	shutdownDeadline = 3 * time.Second
	mostBody         = 1 << 20
	httpsPort        = 443
)

// Vault answers at each address that a data centre of the world names.
type Vault struct {
	World *world.World
	// Address is where it stands; the port is the environment's.
	Address netip.Addr
	// Leaf issues the certificate of a name.
	Leaf func(name string) (*tls.Certificate, error)
	Log  *slog.Logger

	tokens tokens
	// changing is held while a secret is read and written: a condition on a write must hold until it is done.
	changing sync.Mutex
	servers  map[int]*http.Server
	running  sync.WaitGroup
}

// Run listens wherever the world says that a Vault is, until ctx ends.
func (v *Vault) Run(ctx context.Context) {
	v.servers = map[int]*http.Server{}
	said := ""
	for range v.World.Changes(ctx) {
		problem := ""
		if err := v.listen(); err != nil {
			problem = err.Error()
		}
		if problem != "" && problem != said {
			v.Log.Error("Vault", "problem", problem)
		}
		said = problem
	}
	bounded, cancel := context.WithTimeout(context.Background(), shutdownDeadline)
	defer cancel()
	for _, server := range v.servers {
		if err := server.Shutdown(bounded); err != nil {
			_ = server.Close()
		}
	}
	v.running.Wait()
}

func (v *Vault) listen() error {
	sites, err := v.World.List(siteKind)
	if err != nil {
		return err
	}
	for _, site := range sites {
		port, err := portOf(world.Text(site, "vault"))
		if err != nil {
			return err
		}
		if v.servers[port] != nil {
			continue
		}
		listener, err := net.Listen("tcp4", netip.AddrPortFrom(v.Address, uint16(port)).String())
		if err != nil {
			return err
		}
		server := &http.Server{
			Handler: v, ReadHeaderTimeout: requestDeadline, ReadTimeout: requestDeadline, WriteTimeout: requestDeadline,
			ErrorLog: slog.NewLogLogger(v.Log.Handler(), slog.LevelWarn),
		}
		v.servers[port] = server
		settings := &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}, GetCertificate: v.certificate}
		v.running.Go(func() {
			if err := server.Serve(tls.NewListener(listener, settings)); !errors.Is(err, http.ErrServerClosed) {
				v.Log.Error("Vault ended", "error", err.Error())
			}
		})
	}
	return nil
}

func portOf(address string) (int, error) {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Scheme != "https" {
		return 0, fmt.Errorf("the address of a Vault is %q, must be like https://vault.example.com:8200", address)
	}
	if parsed.Port() == "" {
		return httpsPort, nil
	}
	return strconv.Atoi(parsed.Port())
}

// certificate refuses a name that no environment gives its Vault, so that a wrong one shows as what it is.
func (v *Vault) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	sites, err := v.World.List(siteKind)
	if err != nil {
		return nil, err
	}
	for _, site := range sites {
		parsed, err := url.Parse(world.Text(site, "vault"))
		if err == nil && strings.EqualFold(parsed.Hostname(), hello.ServerName) {
			return v.Leaf(parsed.Hostname())
		}
	}
	return nil, fmt.Errorf("no Vault of the lab has the name %q", hello.ServerName)
}

// ServeHTTP answers a request.
func (v *Vault) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, mostBody))
	if err != nil {
		write(w, nil, &refusal{http.StatusBadRequest, err.Error()})
		return
	}
	from, _, _ := net.SplitHostPort(r.RemoteAddr)
	answer, err := v.answer("https://"+strings.ToLower(r.Host), from, r.Method, strings.TrimPrefix(r.URL.Path, "/v1/"),
		r.Header.Get("X-Vault-Token"), body)
	write(w, answer, err)
}

func (v *Vault) answer(address, from, method, path, token string, body []byte) (any, error) {
	isWrite := method == http.MethodPost || method == http.MethodPut
	backend, isLogin := strings.CutSuffix(strings.TrimPrefix(path, "auth/"), "/login")
	switch {
	case path == "sys/health" && !isWrite:
		return map[string]any{"initialized": true, "sealed": false, "standby": false}, nil
	case path == "sys/wrapping/unwrap" && isWrite:
		return v.unwrap(address, from, token)
	case isLogin && isWrite && strings.HasPrefix(path, "auth/"):
		var asked struct {
			RoleID   string `json:"role_id"`
			SecretID string `json:"secret_id"`
		}
		if err := json.Unmarshal(body, &asked); err != nil {
			return nil, errLogin
		}
		return v.login(address, from, backend, asked.RoleID, asked.SecretID)
	case strings.Contains(path, "/data/") && (isWrite || method == http.MethodGet):
		return v.secret(address, from, token, method, path, body)
	}
	return nil, errNotKnown(method, path)
}

// of gives the objects of a type in the Vault at an address.
func (v *Vault) of(address, kind string) ([]*world.Object, error) {
	all, err := v.World.List(kind)
	if err != nil {
		return nil, err
	}
	var out []*world.Object
	for _, one := range all {
		if sameAddress(one.Scope, address) {
			out = append(out, one)
		}
	}
	return out, nil
}

func sameAddress(a, b string) bool { return plain(a) == plain(b) }

func plain(address string) string {
	return strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(address), "/"), ":443")
}
