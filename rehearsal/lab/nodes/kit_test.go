package nodes

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"drover/rehearsal/lab/clusters"
	"drover/rehearsal/lab/fleet"
	"drover/rehearsal/lab/host"
	"drover/rehearsal/lab/world"
	"drover/rehearsal/rancher/testkit"
)

type object = map[string]any

// api is as much of a Kubernetes API as a keeper uses. A node with a finalizer stays when it is deleted.
type api struct {
	mutex sync.Mutex
	nodes map[string]object
	// chart is the HelmChart's values; nil before RKE2 has made the type.
	chart *string
	// writes are method and path of all but reading requests.
	writes []string
	// interfere happens between the reading and the writing of a change.
	interfere func(node object)
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	code, body := a.answer(r)
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(body)
}

func (a *api) answer(r *http.Request) (int, any) {
	if r.URL.Path == chartsPath && a.chart != nil {
		chart := object{"spec": object{"chart": chartName, "valuesContent": *a.chart}}
		return http.StatusOK, object{"items": []any{object{"spec": object{"chart": "traefik"}}, chart}}
	}
	if r.URL.Path == nodesPath {
		items := []object{}
		for _, node := range a.nodes {
			items = append(items, node)
		}
		return http.StatusOK, object{"items": items}
	}
	name, subresource, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, nodesPath+"/"), "/")
	node := a.nodes[name]
	if node == nil {
		return http.StatusNotFound, object{"message": "not found"}
	}
	if r.Method != http.MethodGet {
		a.writes = append(a.writes, r.Method+" "+r.URL.Path)
	}
	switch r.Method {
	case http.MethodDelete:
		if inner(node, "metadata")["finalizers"] == nil {
			delete(a.nodes, name)
		}
		inner(node, "metadata")["deletionTimestamp"] = "2026-01-01T00:00:00Z"
	case http.MethodPut:
		if a.interfere != nil {
			a.interfere(node)
		}
		return a.put(r, node, subresource)
	}
	return http.StatusOK, node
}

// put changes either the status or everything else, as the real one does.
func (a *api) put(r *http.Request, node object, subresource string) (int, any) {
	var sent object
	if err := json.NewDecoder(r.Body).Decode(&sent); err != nil {
		return http.StatusBadRequest, object{"message": err.Error()}
	}
	metadata := inner(node, "metadata")
	if inner(sent, "metadata")["resourceVersion"] != metadata["resourceVersion"] {
		return http.StatusConflict, object{"message": "the object has been modified"}
	}
	parts := []string{"metadata", "spec"}
	if subresource == "status" {
		parts = []string{"status"}
	}
	for _, part := range parts {
		node[part] = sent[part]
	}
	inner(node, "metadata")["resourceVersion"] = fmt.Sprint(metadata["resourceVersion"], "+")
	return http.StatusOK, node
}

// bench is a keeper before one server of cluster shop, whose machines are w1 of a group and s1 of the world.
type bench struct {
	t        *testing.T
	api      *api
	web      *httptest.Server
	keeper   *keeper
	machines []host.Machine
	// kubeconfig is what the server prints as its administrator's.
	kubeconfig string
}

func start(t *testing.T, controllers string) *bench {
	t.Helper()
	chart := "args:\n  - --v=2\n  - --controllers=" + controllers + "\nhostNetworking: true\n"
	b := &bench{t: t, api: &api{nodes: map[string]object{}, chart: &chart}}
	tags := map[string]string{"drover:cluster": "shop"}
	b.machines = []host.Machine{
		{ID: "i-51", Address: "10.0.0.1", Zone: "eu-west-1a", Region: "eu-west-1", Subnet: "subnet-a", State: host.Running, Tags: tags},
		{ID: "i-f1", Address: "10.0.0.2", Zone: "eu-west-1b", Region: "eu-west-1", Subnet: "subnet-b", Group: "workers", State: host.Running, Tags: tags},
	}
	authority := testkit.NewAuthority(t, "kubernetes")
	b.web = httptest.NewUnstartedServer(b.api)
	b.web.TLS = authority.Serving(t)
	b.web.StartTLS()
	t.Cleanup(b.web.Close)
	certificate, key := authority.Issue(t, "admin")
	raw, err := json.Marshal(object{
		"clusters": []any{object{"cluster": object{"certificate-authority-data": authority.PEM}}},
		"users":    []any{object{"user": object{"client-certificate-data": certificate, "client-key-data": key}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	b.kubeconfig = string(raw)
	w := world.Open(t.TempDir())
	for _, one := range []*world.Object{
		{Type: "aws_instance", ID: "i-51", Attrs: object{"instance_type": "m7i.large"}},
		{Type: "aws_subnet", ID: "subnet-a", Attrs: object{"availability_zone_id": "euw1-az1"}},
	} {
		if err := w.Create(one); err != nil {
			t.Fatal(err)
		}
	}
	b.keeper = &keeper{cluster: "shop", Config: Config{
		Workspace: t.TempDir(), World: w, Log: slog.New(slog.DiscardHandler),
		Clusters: b.clusters(func() []host.Machine { return slices.Clone(b.machines) }),
		Groups: func() []fleet.Group {
			return []fleet.Group{{Name: "workers", Instances: []fleet.Instance{{ID: "i-f1", Type: "c7i.large"}}}}
		},
	}}
	return b
}

// clusters reaches the bench's API as that of all machines' clusters.
func (b *bench) clusters(machines func() []host.Machine) *clusters.Clusters {
	return clusters.New(clusters.Config{
		Machines:   machines,
		Output:     func(context.Context, string, ...string) (string, error) { return b.kubeconfig, nil },
		APIAddress: func(string) string { return b.web.Listener.Addr().String() },
	})
}

// node joins the cluster as a kubelet has it join: uninitialised, and with its own idea of its addresses.
func (b *bench) node(name, providerID, ready string) object {
	spec := object{"taints": []any{
		object{"key": "node-role.kubernetes.io/etcd", "effect": "NoExecute"},
		object{"key": uninitialized, "value": "true", "effect": "NoSchedule"},
	}}
	if providerID != "" {
		spec["providerID"] = providerID
	}
	made := object{
		"metadata": object{"name": name, "resourceVersion": "1", "labels": object{"kubernetes.io/hostname": name}},
		"spec":     spec,
		"status": object{
			"addresses":  []any{object{"type": "Hostname", "address": name}},
			"conditions": []any{object{"type": "MemoryPressure", "status": "False"}, object{"type": "Ready", "status": ready}},
		},
	}
	b.api.nodes[name] = made
	return made
}

// round gives the requests of one look that were not reading.
func (b *bench) round() []string {
	b.t.Helper()
	b.api.writes = nil
	if err := b.keeper.round(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
	return b.api.writes
}

// read gives a node as decisions are made by.
func (b *bench) read(name string) node {
	b.t.Helper()
	raw, err := json.Marshal(b.api.nodes[name])
	if err != nil {
		b.t.Fatal(err)
	}
	var out node
	if err := json.Unmarshal(raw, &out); err != nil {
		b.t.Fatal(err)
	}
	return out
}

func (b *bench) labels(name string) object {
	return inner(inner(b.api.nodes[name], "metadata"), "labels")
}

func (b *bench) reported() string {
	b.t.Helper()
	raw, err := os.ReadFile(filepath.Join(b.keeper.Workspace, reportsFolder, "shop.json"))
	if err != nil {
		b.t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(raw)), "")
}
