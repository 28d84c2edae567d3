package agent

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"drover/rehearsal/rancher/machine"
)

// connect lets an agent report to a Rancher that answers with a plan, or with a code other than 200.
func connect(t *testing.T, agent *Agent, code int, given *machine.Plan) (reports func() []machine.Report) {
	t.Helper()
	var seen []machine.Report
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var report machine.Report
		if r.URL.Path != "/v3/connect/plan/mine" || r.Header.Get("Authorization") != "Bearer token" || json.NewDecoder(r.Body).Decode(&report) != nil {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		seen = append(seen, report)
		w.WriteHeader(code)
		json.NewEncoder(w).Encode(machine.Reply{Plan: given})
	}))
	t.Cleanup(server.Close)
	agent.connection = machine.Connection{Server: server.URL, SecretName: "mine", Token: "token"}
	agent.rancher, agent.probes, agent.result = server.Client(), server.Client(), make(chan error, 1)
	return func() []machine.Report { return seen }
}

// finish waits for the work that a step began.
func (a *Agent) finish(t *testing.T) {
	t.Helper()
	select {
	case err := <-a.result:
		a.result <- err
		a.collect()
	case <-time.After(60 * time.Second):
		t.Fatal("the work on the plan does not end")
	}
}

func TestAnAgentReportsWhileItDownloads(t *testing.T) {
	agent, _ := newAgent(t, "inactive")
	release := make(chan struct{})
	var asked atomic.Int32
	artifacts := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		asked.Add(1)
		<-release
	}))
	defer artifacts.Close()
	agent.options.Artifacts = artifacts.Client()
	wanted := plan("https://10.0.0.1:9345")
	wanted.Version, wanted.Artifact = "v1.36.0+rke2r1", machine.Artifact{URL: artifacts.URL}
	reports := connect(t, agent, http.StatusOK, &wanted)
	for range 3 {
		if err := agent.step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if len(reports()) != 3 {
		t.Errorf("%d reports", len(reports()))
	}
	close(release)
	agent.finish(t)
	if asked.Load() != 2 {
		t.Errorf("the artifact server was asked %d times, wanted once for the archive and once for the sums", asked.Load())
	}
	if err := agent.step(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := reports()[3].Status.Error; !strings.Contains(got, "has no line for 'rke2.linux-amd64.tar.gz'") {
		t.Errorf("reported error: %q", got)
	}
}

func TestTheLastPlanIsAppliedWhileRancherIsAway(t *testing.T) {
	agent, calls := newAgent(t, "inactive")
	connect(t, agent, http.StatusServiceUnavailable, nil)
	if err := agent.writePlan(plan("https://10.0.0.1:9345")); err != nil {
		t.Fatal(err)
	}
	if err := agent.step(t.Context()); err == nil || !strings.Contains(err.Error(), "rancher answers 503") {
		t.Errorf("error is %v", err)
	}
	agent.finish(t)
	if got := calls(); !strings.HasSuffix(got, "start --no-block rke2-server.service\n") {
		t.Errorf("systemctl was called: %s", got)
	}
}

func TestAMachineThatRancherForgotChangesNothing(t *testing.T) {
	agent, calls := newAgent(t, "inactive")
	connect(t, agent, http.StatusUnauthorized, nil)
	if err := agent.writePlan(plan("https://10.0.0.1:9345")); err != nil {
		t.Fatal(err)
	}
	if err := agent.step(t.Context()); !errors.Is(err, ErrRefused) || agent.working || calls() != "" {
		t.Errorf("error %v, systemctl was called: %s", err, calls())
	}
}
