package server

import (
	"net/http"
	"testing"
	"time"

	"drover/rehearsal/rancher/kubeapi"
	"drover/rehearsal/rancher/machine"
)

const (
	serverNode = "/api/v1/nodes/node-s1"
	workerNode = "/api/v1/nodes/node-w2"
)

func node(ready string) map[string]any {
	return map[string]any{"status": map[string]any{"conditions": []any{
		map[string]any{"type": "MemoryPressure", "status": "True"}, map[string]any{"type": "Ready", "status": ready},
	}}}
}

// silence lets time pass in which only the server lives.
func (b *bench) silence(server machine.Connection, long time.Duration) {
	b.t.Helper()
	b.now = b.now.Add(long)
	b.api.Put(serverNode, node("True"))
	b.ready(server)
	b.round()
}

// deleteNode does what the cloud controller manager would.
func (b *bench) deleteNode(path string) {
	b.t.Helper()
	kubeconfig, err := kubeapi.ReadKubeconfig(b.api.Kubeconfig(b.t))
	if err != nil {
		b.t.Fatal(err)
	}
	client, err := kubeapi.New(kubeconfig.Server, kubeconfig.Credential)
	if err != nil {
		b.t.Fatal(err)
	}
	defer client.Close()
	if err := client.Do(b.t.Context(), http.MethodDelete, path, nil, nil); err != nil {
		b.t.Fatal(err)
	}
}

// hasMachine asks the list of machines.
func (b *bench) hasMachine(id string) bool {
	b.t.Helper()
	_, there := b.machines()[id]
	return there
}

func TestAMachineIsRemovedOnceItsNodeHasBeenGoneForLongEnough(t *testing.T) {
	b := newBench(t)
	server, _ := b.raise()
	b.api.Put(workerNode, node("Unknown"))
	b.silence(server, 20*time.Minute)
	if phase := b.machines()["w2"].Phase; phase != "Unknown" {
		t.Errorf("phase of a silent machine: %s", phase)
	}
	if !b.api.Has(workerNode) {
		t.Error("the node was deleted: that is the cloud controller manager's")
	}
	b.deleteNode(workerNode)
	b.silence(server, time.Minute)
	b.silence(server, 9*time.Minute)
	if !b.hasMachine("w2") {
		t.Error("removed before its time")
	}
	b.silence(server, 2*time.Minute)
	if b.hasMachine("w2") || !b.hasMachine("s1") {
		t.Errorf("machines: %v", b.machines())
	}
}

func TestAMachineWhoseNodeIsThereStaysHoweverSilentItsAgentIs(t *testing.T) {
	for _, ready := range []string{"True", "Unknown"} {
		b := newBench(t)
		server, _ := b.raise()
		b.api.Put(workerNode, node(ready))
		for range 3 {
			b.silence(server, 20*time.Minute)
		}
		if !b.hasMachine("w2") {
			t.Errorf("removed although there is its node, ready: %s", ready)
		}
	}
}

func TestANodeThatIsBackIsNotMissingAnyMore(t *testing.T) {
	b := newBench(t)
	server, _ := b.raise()
	b.silence(server, time.Minute)
	b.api.Put(workerNode, node("True"))
	b.silence(server, 9*time.Minute)
	b.deleteNode(workerNode)
	b.silence(server, 2*time.Minute)
	if !b.hasMachine("w2") {
		t.Error("the time before the node was back counted")
	}
	b.silence(server, 11*time.Minute)
	if b.hasMachine("w2") {
		t.Error("never removed")
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
	if !later.hasMachine("w2") {
		t.Error("removed right after the outage")
	}
	later.silence(server, 2*time.Minute)
	if later.hasMachine("w2") {
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
	b.silence(server, 11*time.Minute)
	if b.hasMachine("w2") || !b.hasMachine("w9") || !b.api.Has(workerNode) {
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
