package clusters

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"drover/rehearsal/lab/host"
	"drover/rehearsal/rancher/kubeapi"
	"drover/rehearsal/rancher/testkit"
)

// bench is a cluster with two servers, whose machines have their identifiers as addresses.
type bench struct {
	t        *testing.T
	clusters *Clusters
	machines []host.Machine
	servers  map[string]*httptest.Server
	asked    []string
	// authority issues the kubeconfig that the servers have; reads says which of them were asked for it.
	authority *testkit.Authority
	reads     []string
}

func member(id string) host.Machine {
	return host.Machine{ID: id, Address: id, State: host.Running, Tags: map[string]string{machineTag: "shop"}}
}

func start(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, servers: map[string]*httptest.Server{}, authority: testkit.NewAuthority(t, "kubernetes")}
	b.machines = []host.Machine{member("s1"), member("s2")}
	b.serve("s1", http.StatusOK)
	b.serve("s2", http.StatusOK)
	b.clusters = New(Config{
		Machines:   func() []host.Machine { return slices.Clone(b.machines) },
		Output:     b.kubeconfig,
		APIAddress: func(address string) string { return b.servers[address].Listener.Addr().String() },
	})
	return b
}

// serve has a server answer everything with a code, and only to those who have a certificate of the cluster.
func (b *bench) serve(id string, code int) {
	b.t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		b.asked = append(b.asked, id)
		w.WriteHeader(code)
		_ = json.NewEncoder(w).Encode(map[string]string{"server": id, "message": "of " + id})
	}))
	server.TLS = b.authority.Serving(b.t)
	server.StartTLS()
	b.t.Cleanup(server.Close)
	b.servers[id] = server
}

func (b *bench) kubeconfig(_ context.Context, id string, _ ...string) (string, error) {
	b.reads = append(b.reads, id)
	if b.authority == nil {
		return "", errors.New("no such file")
	}
	certificate, key := b.authority.Issue(b.t, "admin")
	raw, err := json.Marshal(map[string]any{
		"clusters": []any{map[string]any{"cluster": map[string]any{"certificate-authority-data": b.authority.PEM}}},
		"users":    []any{map[string]any{"user": map[string]any{"client-certificate-data": certificate, "client-key-data": key}}},
	})
	return string(raw), err
}

// ask gives who answered.
func (b *bench) ask() (string, error) {
	var out struct{ Server string }
	err := b.clusters.Do(b.t.Context(), "shop", http.MethodGet, "/readyz", nil, &out)
	return out.Server, err
}

func (b *bench) expect(server string) {
	b.t.Helper()
	if got, err := b.ask(); got != server || err != nil {
		b.t.Errorf("%q answered (%v), expected %q", got, err, server)
	}
}

func (b *bench) expectError(text string) {
	b.t.Helper()
	if _, err := b.ask(); err == nil || !strings.Contains(err.Error(), text) {
		b.t.Errorf("got %v, expected %q", err, text)
	}
}

// letTimePass makes the next reading of a credential due.
func (b *bench) letTimePass() { b.clusters.find("shop").next = time.Time{} }

func TestAClusterIsThereAsLongAsAMachineIs(t *testing.T) {
	b := start(t)
	gone := member("m1")
	gone.State, gone.Tags = host.Terminated, map[string]string{machineTag: "management"}
	b.machines = append(b.machines, gone, host.Machine{ID: "other", State: host.Running})
	if got := b.clusters.Names(); !slices.Equal(got, []string{"shop"}) {
		t.Errorf("clusters: %v", got)
	}
}

func TestTheNextServerIsAskedWhenOneIsGone(t *testing.T) {
	b := start(t)
	b.expect("s1")
	b.servers["s1"].Close()
	b.expect("s2")
	b.asked = nil
	b.serve("s1", http.StatusOK)
	b.expect("s2") // it answered last
	b.servers["s2"].Close()
	b.expect("s1")
	if !slices.Equal(b.reads, []string{"s1"}) {
		t.Errorf("the kubeconfig was read from %v", b.reads)
	}
}

func TestAServerThatCannotServeIsPassedOver(t *testing.T) {
	for _, code := range []int{http.StatusUnauthorized, http.StatusTooManyRequests, http.StatusServiceUnavailable} {
		b := start(t)
		b.serve("s1", code)
		b.expect("s2")
	}
}

func TestWhatTheClusterRefusesIsNotAskedOfTheNextServer(t *testing.T) {
	b := start(t)
	b.serve("s1", http.StatusConflict)
	_, err := b.ask()
	var status *kubeapi.StatusError
	if !errors.As(err, &status) || status.Code != http.StatusConflict || !slices.Equal(b.asked, []string{"s1"}) {
		t.Errorf("got %v, asked %v", err, b.asked)
	}
}

func TestTheCredentialIsReadAgainWhenTheClusterWasMadeAnew(t *testing.T) {
	b := start(t)
	b.expect("s1")
	b.authority = testkit.NewAuthority(t, "another cluster")
	b.serve("s1", http.StatusOK)
	b.serve("s2", http.StatusOK)
	b.expectError("no server of cluster 'shop' answers: ")
	b.expect("s1")
	if len(b.reads) != 2 {
		t.Errorf("the kubeconfig was read %d times", len(b.reads))
	}
}

func TestAClusterWithoutServersSaysSo(t *testing.T) {
	b := start(t)
	worker := member("w1")
	worker.Group = "workers"
	b.machines[0].State, b.machines[1].State = host.Stopped, host.Terminated
	b.machines = append(b.machines, worker)
	b.expectError("no server of cluster 'shop' runs")
}

func TestAServerThatHasNoKubeconfigYetIsNotAskedAllTheTime(t *testing.T) {
	b := start(t)
	authority := b.authority
	b.authority = nil
	for range 3 {
		b.expectError("no server of cluster 'shop' gives its administrator's kubeconfig: no such file")
	}
	if !slices.Equal(b.reads, []string{"s1", "s2"}) {
		t.Errorf("asked %v", b.reads)
	}
	b.authority = authority
	b.letTimePass()
	b.expect("s1")
}

func TestAKubeconfigOfManyClustersIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		`{"clusters":[{},{}],"users":[{}]}`: "has 2 clusters and 1 users, must have one of each",
		`apiVersion: v1`:                    "kubeconfig of the administrator: invalid character",
	} {
		if _, err := parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, expected %q", err, want)
		}
	}
}
