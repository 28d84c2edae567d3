package server

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"drover/rehearsal/rancher/machine"
	"drover/rehearsal/rancher/testkit"
)

// bench is one server of Rancher before a small Kubernetes API, with a clock that a test moves.
type bench struct {
	t      *testing.T
	api    *testkit.API
	server *Server
	web    *httptest.Server
	now    time.Time
}

func newBench(t *testing.T) *bench { return benchOn(t, testkit.NewAPI(t), "a") }

func benchOn(t *testing.T, api *testkit.API, holder string) *bench {
	t.Helper()
	b := &bench{t: t, api: api, now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	folder := t.TempDir()
	config := map[string]any{
		"url": "https://rancher.test", "certificate": "unused", "key": "unused",
		"kubeconfig": api.Kubeconfig(t), "apiTokens": []string{"token-admin"},
		"clusters": []map[string]any{{
			"name": "shop", "id": "c-m-1", "registrationToken": "join-shop", "kubernetesVersion": "v1.35.7+rke2r1",
			"artifactUrl": "https://artifacts.test", "missingAfter": "10m",
		}},
	}
	raw, err := json.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"config.json": raw, "agent": []byte("binary")} {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b.server, err = New(Options{
		ConfigFile: filepath.Join(folder, "config.json"), AgentBinary: filepath.Join(folder, "agent"), Holder: holder,
		OfflineAfter: 20 * time.Second, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return b.now },
		APIAddress: func(string) string { return api.Listener.Addr().String() },
	})
	if err != nil {
		t.Fatal(err)
	}
	b.web = httptest.NewServer(b.server.Handler())
	t.Cleanup(b.web.Close)
	return b
}

// ask sends a request and gives the answer's code and body.
func (b *bench) ask(method, path, token string, headers map[string]string, body any) (int, []byte) {
	b.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		b.t.Fatal(err)
	}
	request, err := http.NewRequest(method, b.web.URL+path, strings.NewReader(string(raw)))
	if err != nil {
		b.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	out, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return response.StatusCode, out
}

func (b *bench) register(id string, roles ...string) machine.Connection {
	b.t.Helper()
	return b.registerAs("node-"+id, id, roles...)
}

func (b *bench) registerAs(node, id string, roles ...string) machine.Connection {
	b.t.Helper()
	headers := map[string]string{"X-Cattle-Id": id, "X-Cattle-Node-Name": node, "X-Cattle-Internal-Address": "10.0.0." + id[1:]}
	for _, role := range roles {
		headers["X-Cattle-Role-"+role] = "true"
	}
	code, body := b.ask("GET", "/v3/connect/agent", "join-shop", headers, nil)
	if code != http.StatusOK {
		b.t.Fatalf("registration answers %d: %s", code, body)
	}
	var connection machine.Connection
	if err := json.Unmarshal(body, &connection); err != nil {
		b.t.Fatal(err)
	}
	return connection
}

func (b *bench) report(connection machine.Connection, report machine.Report) (int, machine.Reply) {
	b.t.Helper()
	code, body := b.ask("POST", "/v3/connect/plan/"+connection.SecretName, connection.Token, nil, report)
	var reply machine.Reply
	if code == http.StatusOK {
		if err := json.Unmarshal(body, &reply); err != nil {
			b.t.Fatal(err)
		}
	}
	return code, reply
}

// ready reports what a healthy machine would.
func (b *bench) ready(connection machine.Connection) machine.Reply {
	b.t.Helper()
	_, reply := b.report(connection, machine.Report{})
	if reply.Plan == nil {
		b.t.Fatalf("machine '%s' has no plan", connection.SecretName)
	}
	status := machine.Status{Applied: reply.Plan.Hash(), Ready: true, Service: "active"}
	report := machine.Report{Status: status}
	if reply.Plan.Unit == machine.ServerUnit {
		report.Status.HasData, report.Status.CAHash = true, strings.Repeat("a", 64)
	}
	_, reply = b.report(connection, report)
	if reply.WantCredential {
		certificate, key := b.api.Authority.Issue(b.t, "member-admin")
		report.Credential = &machine.Credential{CA: b.api.Authority.PEM, Certificate: certificate, Key: key, ServerName: "127.0.0.1"}
		_, reply = b.report(connection, report)
	}
	return reply
}

func (b *bench) round() { b.server.Round(b.t.Context()) }

// raise brings up a server and a worker.
func (b *bench) raise() (server, worker machine.Connection) {
	b.t.Helper()
	server, worker = b.register("s1", "Etcd", "Control-Plane"), b.register("w2", "Worker")
	for range 3 {
		b.round()
		b.ready(server)
	}
	b.ready(worker)
	return server, worker
}

func (b *bench) cluster() clusterView {
	b.t.Helper()
	code, body := b.ask("GET", "/v3/clusters/shop", "token-admin", nil, nil)
	if code != http.StatusOK {
		b.t.Fatalf("the cluster answers %d: %s", code, body)
	}
	var view clusterView
	if err := json.Unmarshal(body, &view); err != nil {
		b.t.Fatal(err)
	}
	return view
}

func (b *bench) machines() map[string]machineView {
	b.t.Helper()
	code, body := b.ask("GET", "/v3/machines", "token-admin", nil, nil)
	if code != http.StatusOK {
		b.t.Fatalf("the machines answer %d: %s", code, body)
	}
	var list struct{ Data []machineView }
	if err := json.Unmarshal(body, &list); err != nil {
		b.t.Fatal(err)
	}
	out := map[string]machineView{}
	for _, view := range list.Data {
		out[view.ID] = view
	}
	return out
}
