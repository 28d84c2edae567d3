package server

import (
	"testing"
	"time"

	"drover/rehearsal/rancher/machine"
)

const workerNode = "/api/v1/nodes/node-w2"

func node(ready string) map[string]any {
	return map[string]any{"status": map[string]any{"conditions": []any{
		map[string]any{"type": "MemoryPressure", "status": "True"}, map[string]any{"type": "Ready", "status": ready},
	}}}
}

// silence lets time pass in which only the server reports.
func (b *bench) silence(server machine.Connection, long time.Duration) {
	b.t.Helper()
	b.now = b.now.Add(long)
	b.ready(server)
	b.round()
}

func TestAMissingMachineIsRemovedWithItsNode(t *testing.T) {
	b := newBench(t)
	server, _ := b.raise()
	b.api.Put(workerNode, node("Unknown"))
	b.silence(server, 9*time.Minute)
	if _, there := b.machines()["w2"]; !there || !b.api.Has(workerNode) {
		t.Error("removed before its time")
	}
	if phase := b.machines()["w2"].Phase; phase != "Unknown" {
		t.Errorf("phase of a silent machine: %s", phase)
	}
	b.silence(server, 2*time.Minute)
	if _, there := b.machines()["w2"]; there || b.api.Has(workerNode) {
		t.Errorf("machine or node is still there: %v", b.machines())
	}
	if _, there := b.machines()["s1"]; !there {
		t.Error("the server was removed too")
	}
}

func TestAMachineWhoseNodeIsReadyStaysHoweverSilentItsAgentIs(t *testing.T) {
	b := newBench(t)
	server, _ := b.raise()
	b.api.Put(workerNode, node("True"))
	b.silence(server, 20*time.Minute)
	if _, there := b.machines()["w2"]; !there || !b.api.Has(workerNode) {
		t.Error("a living machine was removed")
	}
}

func TestNothingThatJoinedIsRemovedWhileItsClusterCannotBeAsked(t *testing.T) {
	b := newBench(t)
	b.raise()
	b.register("w3", "Worker")
	b.server.options.APIAddress = func(string) string { return "127.0.0.1:1" }
	b.now = b.now.Add(time.Hour)
	b.round()
	got := b.machines()
	if len(got) != 2 || got["w3"].ID != "" {
		t.Errorf("machines: %v; only the one that never joined may go", got)
	}
}

func TestAfterAnOutageOfRancherMachinesGetTheirTimeToComeBack(t *testing.T) {
	b := newBench(t)
	server, _ := b.raise()
	later := benchOn(t, b.api, "b")
	later.now = b.now.Add(time.Hour)
	later.round()
	later.silence(server, 11*time.Second)
	later.silence(server, 9*time.Minute)
	if _, there := later.machines()["w2"]; !there {
		t.Error("removed right after the outage")
	}
	later.silence(server, 2*time.Minute)
	if _, there := later.machines()["w2"]; there {
		t.Error("never removed")
	}
}

func TestTheNodeOfAReplacementIsNotTakenForTheLostMachines(t *testing.T) {
	b := newBench(t)
	server, _ := b.raise()
	b.now = b.now.Add(9 * time.Minute)
	replacement := b.registerAs("node-w2", "w9", "Worker")
	b.ready(server)
	b.round()
	b.ready(replacement)
	b.api.Put(workerNode, node("False"))
	b.silence(server, 2*time.Minute)
	if _, there := b.machines()["w2"]; there || !b.api.Has(workerNode) {
		t.Errorf("machines %v, node there: %v", b.machines(), b.api.Has(workerNode))
	}
}

func TestTheProxyForwardsToTheMembersApiWithoutRanchersToken(t *testing.T) {
	b := newBench(t)
	b.raise()
	b.api.Put(workerNode, node("True"))
	for _, id := range []string{"c-m-1", "shop"} {
		if code, body := b.ask("GET", "/k8s/clusters/"+id+workerNode, "token-admin", nil, nil); code != 200 || len(body) == 0 {
			t.Errorf("answers %d: %s", code, body)
		}
	}
	if code, _ := b.ask("GET", "/k8s/clusters/c-m-2/api", "token-admin", nil, nil); code != 404 {
		t.Errorf("an unknown cluster answers %d", code)
	}
}
