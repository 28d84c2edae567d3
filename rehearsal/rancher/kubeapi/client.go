package kubeapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"drover/rehearsal/rancher/machine"
)

// requestTimeout bounds every request: a server that hangs must not hold the planner.
const requestTimeout = 10 * time.Second

// Client asks one API server.
type Client struct {
	base string
	http *http.Client
}

// New makes a client for a server, such as https://127.0.0.1:6443.
func New(server string, credential machine.Credential) (*Client, error) {
	config, err := TLS(credential)
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: true, IdleConnTimeout: time.Minute}
	return &Client{base: strings.TrimSuffix(server, "/"), http: &http.Client{Transport: transport, Timeout: requestTimeout}}, nil
}

// StatusError is an answer other than success.
type StatusError struct {
	Code    int
	Message string
}

func (e *StatusError) Error() string { return fmt.Sprintf("the API answers %d: %s", e.Code, e.Message) }

// IsNotFound and IsConflict tell the two answers apart that callers expect: absent, and written by somebody else first.
func IsNotFound(err error) bool { return hasCode(err, http.StatusNotFound) }

// IsConflict is true as well for a create of what exists.
func IsConflict(err error) bool { return hasCode(err, http.StatusConflict) }

func hasCode(err error, code int) bool {
	var status *StatusError
	return errors.As(err, &status) && status.Code == code
}

// Do sends one request; in and out may be nil.
func (c *Client) Do(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		raw, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(raw)
	}
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return err
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Content-Type", "application/json")
	response, err := c.http.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode >= 300 {
		return &StatusError{Code: response.StatusCode, Message: messageOf(raw)}
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(raw, out)
}

func messageOf(raw []byte) string {
	var status struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(raw, &status) == nil && status.Message != "" {
		return status.Message
	}
	return strings.TrimSpace(string(raw[:min(len(raw), 200)]))
}

// Close drops idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Metadata is the part of an object's metadata that is used here.
type Metadata struct {
	Name            string            `json:"name"`
	Namespace       string            `json:"namespace,omitempty"`
	UID             string            `json:"uid,omitempty"`
	ResourceVersion string            `json:"resourceVersion,omitempty"`
	Labels          map[string]string `json:"labels,omitempty"`
}

// Secret is a Secret; an update with a resourceVersion fails when somebody else wrote first.
type Secret struct {
	APIVersion string            `json:"apiVersion"`
	Kind       string            `json:"kind"`
	Metadata   Metadata          `json:"metadata"`
	Type       string            `json:"type,omitempty"`
	Data       map[string][]byte `json:"data,omitempty"`
}

// SecretPath is the path of a namespace's Secrets, or of one of them.
func SecretPath(namespace string, name ...string) string {
	return strings.Join(append([]string{"/api/v1/namespaces", namespace, "secrets"}, name...), "/")
}

// Secrets lists the Secrets of a namespace with the given labels.
func (c *Client) Secrets(ctx context.Context, namespace, selector string) ([]Secret, error) {
	var list struct {
		Items []Secret `json:"items"`
	}
	err := c.Do(ctx, http.MethodGet, SecretPath(namespace)+"?labelSelector="+url.QueryEscape(selector), nil, &list)
	return list.Items, err
}
