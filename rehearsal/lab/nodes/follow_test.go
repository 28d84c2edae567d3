package nodes

import (
	"slices"
	"testing"

	"drover/rehearsal/lab/host"
)

const (
	both   = nodeController + "," + lifecycleController
	worker = "ip-10-0-0-2"
)

// joined has the worker's node be part of the cluster for a while.
func joined(t *testing.T, controllers string) *bench {
	t.Helper()
	b := start(t, controllers)
	b.node(worker, "aws:///eu-west-1b/i-f1", "True")
	b.round()
	return b
}

func (b *bench) condition(name, ready string) {
	inner(b.api.nodes[name], "status")["conditions"] = []any{object{"type": "Ready", "status": ready}}
}

func (b *bench) expectWrites(want ...string) {
	b.t.Helper()
	if got := b.round(); !slices.Equal(got, want) {
		b.t.Errorf("wrote %v, expected %v", got, want)
	}
}

func TestANodeGoesWithItsMachine(t *testing.T) {
	b := joined(t, both)
	b.machines[1].State = host.Terminated
	b.expectWrites() // its kubelet still reports
	b.condition(worker, "Unknown")
	b.expectWrites("DELETE " + nodesPath + "/" + worker)
	if b.api.nodes[worker] != nil {
		t.Error("the node is still there")
	}
}

func TestANodeThatIsBeingDeletedIsDeletedOnce(t *testing.T) {
	b := joined(t, both)
	inner(b.api.nodes[worker], "metadata")["finalizers"] = []any{"wrangler.cattle.io/managed-etcd-controller"}
	b.condition(worker, "Unknown")
	b.machines[1].State = host.Terminated
	b.expectWrites("DELETE " + nodesPath + "/" + worker)
	b.expectWrites()
}

func TestANodeWhoseMachineIsOffIsMarkedUntilItIsBack(t *testing.T) {
	b := joined(t, both)
	b.machines[1].State = host.Stopped
	b.condition(worker, "Unknown")
	b.expectWrites("PUT " + nodesPath + "/" + worker)
	if got := b.read(worker); !got.hasTaint(shutDown) {
		t.Errorf("taints: %v", got.Spec.Taints)
	}
	b.expectWrites()
	b.machines[1].State = host.Running
	b.expectWrites() // it boots
	b.condition(worker, "True")
	b.expectWrites("PUT " + nodesPath + "/" + worker)
	if got := b.read(worker); got.hasTaint(shutDown) || !got.hasTaint("node-role.kubernetes.io/etcd") {
		t.Errorf("taints: %v", got.Spec.Taints)
	}
}

func TestANodeOfARunningMachineStaysHoweverIllItIs(t *testing.T) {
	for _, state := range []host.State{host.Running, host.Pending} {
		b := joined(t, both)
		b.machines[1].State = state
		b.condition(worker, "Unknown")
		b.expectWrites()
	}
}

func TestNodesStayWhereOnlyTheNodeControllerRuns(t *testing.T) {
	b := joined(t, nodeController)
	b.condition(worker, "Unknown")
	for _, state := range []host.State{host.Stopped, host.Terminated} {
		b.machines[1].State = state
		b.expectWrites()
	}
}

func TestAnIllNodeThatTheCloudDoesNotKnowIsDeleted(t *testing.T) {
	b := start(t, both)
	b.node("metal", "", "False")
	b.expectWrites("DELETE " + nodesPath + "/metal")
}
