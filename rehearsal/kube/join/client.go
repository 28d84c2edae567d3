// Package join asks a server's supervisor for what a machine needs to join.
package join

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"drover/rehearsal/kube/token"
)

// requestDeadline is longer than a server may take to give a member its turn.
const requestDeadline = 5 * time.Minute

// answerLimit in bytes: the largest answer is a set of keys.
const answerLimit = 1 << 20

// ErrRefused marks an answer that stays the same however often it is asked for.
var ErrRefused = errors.New("refused by the server")

// Client speaks to a supervisor that was proven to be the token's cluster.
type Client struct {
	base   string
	secret string
	http   *http.Client
}

// Connect fetches the server's CA and compares it with the token before anything secret is sent.
func Connect(ctx context.Context, server string, by token.Token) (*Client, error) {
	blind := client(&tls.Config{InsecureSkipVerify: true}, 20*time.Second)
	bundle, err := do(ctx, blind, http.MethodGet, server+"/cacerts", "", nil)
	if err != nil {
		return nil, err
	}
	if err := by.Trusts(bundle); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(bundle) {
		return nil, errNoCertificate(server)
	}
	return &Client{base: server, secret: by.Secret, http: client(&tls.Config{RootCAs: roots}, requestDeadline)}, nil
}

// Get reads a document.
func (c *Client) Get(ctx context.Context, path string, into any) error {
	return c.call(ctx, http.MethodGet, path, nil, into)
}

// Post asks with a document and reads the answer.
func (c *Client) Post(ctx context.Context, path string, document, into any) error {
	return c.call(ctx, http.MethodPost, path, document, into)
}

// Put changes something.
func (c *Client) Put(ctx context.Context, path string, document any) error {
	return c.call(ctx, http.MethodPut, path, document, nil)
}

func (c *Client) call(ctx context.Context, method, path string, document, into any) error {
	var body io.Reader
	if document != nil {
		encoded, err := json.Marshal(document)
		if err != nil {
			return err
		}
		body = bytes.NewReader(encoded)
	}
	answer, err := do(ctx, c.http, method, c.base+path, c.secret, body)
	if err != nil || into == nil {
		return err
	}
	return json.Unmarshal(answer, into)
}

func client(settings *tls.Config, deadline time.Duration) *http.Client {
	// no proxy, as a cluster's own traffic has none; no idle connections, because a load balancer stands between
	return &http.Client{
		Timeout:   deadline,
		Transport: &http.Transport{TLSClientConfig: settings, DisableKeepAlives: true, TLSHandshakeTimeout: 10 * time.Second},
	}
}

func do(ctx context.Context, by *http.Client, method, url, secret string, body io.Reader) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, url, body)
	if err != nil {
		return nil, err
	}
	if secret != "" {
		request.SetBasicAuth("server", secret)
	}
	response, err := by.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, answerLimit))
	if err != nil {
		return nil, err
	}
	text := strings.TrimSpace(string(answer))
	switch response.StatusCode {
	case http.StatusOK:
		return answer, nil
	case http.StatusUnauthorized, http.StatusForbidden:
		return nil, fmt.Errorf("%w: '%s': %s", ErrRefused, url, text)
	default:
		return nil, errStatus(url, response.StatusCode, text)
	}
}

func errNoCertificate(server string) error {
	return fmt.Errorf("'%s/cacerts' holds no certificate", server)
}

func errStatus(url string, status int, text string) error {
	return fmt.Errorf("'%s' answered %d: %s", url, status, text)
}
