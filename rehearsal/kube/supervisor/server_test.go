package supervisor

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"drover/rehearsal/kube/etcd"
	"drover/rehearsal/kube/pki"
)

type fakeCluster struct{ starting bool }

func (f fakeCluster) ready() error {
	if f.starting {
		return ErrStarting
	}
	return nil
}

func (fakeCluster) Secret() string { return "s3cret" }

func (f fakeCluster) Shared() (map[string][]byte, error) {
	return map[string][]byte{"service.key": []byte("key")}, f.ready()
}

func (f fakeCluster) CheckPassword(_ context.Context, _, password string) error {
	if password != "mine" {
		return fmt.Errorf("%w: node password rejected", ErrRefused)
	}
	return f.ready()
}

func (f fakeCluster) ClaimPassword(ctx context.Context, node, password string) error {
	return f.CheckPassword(ctx, node, password)
}

func (fakeCluster) Admit(_ context.Context, name, peer string) (etcd.Membership, error) {
	return etcd.Membership{Cluster: name + "=" + peer}, nil
}

func (fakeCluster) IssueNode(string, string) (pki.Node, error) {
	return pki.Node{"client-kubelet.crt": []byte("c")}, nil
}

func (f fakeCluster) APIServers(context.Context) ([]string, error) {
	return []string{"10.0.0.1:6443"}, f.ready()
}

func (fakeCluster) RotateToken(context.Context, string) error {
	return errors.New("not asked for here")
}

func answer(cluster Cluster, method, path, secret, body string) (int, string) {
	request := httptest.NewRequest(method, path, strings.NewReader(body))
	if secret != "" {
		request.SetBasicAuth("server", secret)
	}
	recorder := httptest.NewRecorder()
	handler([]byte("the bundle"), cluster).ServeHTTP(recorder, request)
	return recorder.Code, strings.TrimSpace(recorder.Body.String())
}

func TestTheSupervisorAnswersByTokenPasswordAndState(t *testing.T) {
	member := `{"node":"s2","password":"mine","name":"s2-1234","peer":"https://10.0.0.2:2380"}`
	worker := `{"node":"w1","password":"mine","address":"10.0.0.7"}`
	up, starting := fakeCluster{}, fakeCluster{starting: true}
	for _, given := range []struct {
		name, method, path, secret, body string
		cluster                          Cluster
		code                             int
		text                             string
	}{
		{"anybody reads the CA", "GET", "/cacerts", "", "", starting, http.StatusOK, "the bundle"},
		{"anybody pings", "GET", "/ping", "", "", up, http.StatusOK, "pong"},
		{"no token", "GET", PathBootstrap, "", "", up, http.StatusUnauthorized, "the token is not this cluster's"},
		{"another token", "GET", PathBootstrap, "other", "", up, http.StatusUnauthorized, "the token is not this cluster's"},
		{"the keys", "GET", PathBootstrap, "s3cret", "", up, http.StatusOK, `{"service.key":"a2V5"}`},
		{"starting", "GET", PathBootstrap, "s3cret", "", starting, http.StatusServiceUnavailable, "this server is starting"},
		{"a member", "POST", PathMember, "s3cret", member, up, http.StatusOK, `"cluster":"s2-1234=https://10.0.0.2:2380"`},
		{"another password", "POST", PathMember, "s3cret", strings.Replace(member, "mine", "x", 1), up, http.StatusForbidden, "node password rejected"},
		{"a member of another node", "POST", PathMember, "s3cret", strings.Replace(member, `"s2"`, `"s3"`, 1), up, http.StatusForbidden, "lacks a field"},
		{"a worker", "POST", PathNode, "s3cret", worker, up, http.StatusOK, `"apiServers":["10.0.0.1:6443"]`},
		{"no JSON", "POST", PathNode, "s3cret", "{", up, http.StatusForbidden, "no JSON document"},
	} {
		t.Run(given.name, func(t *testing.T) {
			code, text := answer(given.cluster, given.method, given.path, given.secret, given.body)
			if code != given.code || !strings.Contains(text, given.text) {
				t.Errorf("got %d %q, want %d and %q", code, text, given.code, given.text)
			}
		})
	}
}
