package nodes

import (
	"maps"
	"reflect"
	"slices"
	"testing"
)

func TestANewNodeLearnsWhichMachineItIs(t *testing.T) {
	b := start(t, nodeController)
	b.node("dev-shop-s1", "aws:///eu-west-1a/i-51", "True")
	b.round()
	got := b.read("dev-shop-s1")
	if got.hasTaint(uninitialized) || !got.hasTaint("node-role.kubernetes.io/etcd") {
		t.Errorf("taints: %v", got.Spec.Taints)
	}
	want := object{
		"kubernetes.io/hostname":      "dev-shop-s1",
		"topology.kubernetes.io/zone": "eu-west-1a", "failure-domain.beta.kubernetes.io/zone": "eu-west-1a",
		"topology.kubernetes.io/region": "eu-west-1", "failure-domain.beta.kubernetes.io/region": "eu-west-1",
		"node.kubernetes.io/instance-type": "m7i.large", "beta.kubernetes.io/instance-type": "m7i.large",
		"topology.k8s.aws/zone-id": "euw1-az1",
	}
	if labels := b.labels("dev-shop-s1"); !maps.Equal(labels, want) {
		t.Errorf("labels: %v", labels)
	}
	name := "ip-10-0-0-1.eu-west-1.compute.internal"
	addresses := []address{{"InternalIP", "10.0.0.1"}, {"InternalDNS", name}, {"Hostname", name}}
	if !reflect.DeepEqual(got.Status.Addresses, addresses) {
		t.Errorf("addresses: %v", got.Status.Addresses)
	}
	if again := b.round(); len(again) > 0 {
		t.Errorf("a round without news writes %v", again)
	}
}

func TestTheProviderIDOfTheKubeletStays(t *testing.T) {
	for given, want := range map[string]string{
		"aws:///eu-west-1z/i-f1": "aws:///eu-west-1z/i-f1",
		"":                       "aws:///eu-west-1b/i-f1",
	} {
		b := start(t, nodeController)
		name := "ip-10-0-0-2.eu-west-1.compute.internal" // the one name that is enough without an id
		b.node(name, given, "False")
		b.round()
		if got := b.read(name); got.Spec.ProviderID != want || got.hasTaint(uninitialized) {
			t.Errorf("of %q became %+v", given, got.Spec)
		}
		if kind := b.labels(name)["node.kubernetes.io/instance-type"]; kind != "c7i.large" {
			t.Errorf("type of a group's machine: %v", kind)
		}
	}
}

func TestANodeThatNoMachineIsStaysUninitialised(t *testing.T) {
	for name, id := range map[string]string{"ip-10-0-0-2": "", "dev-shop-s9": "aws:///eu-west-1a/i-59", "metal": "rke2://metal"} {
		b := start(t, nodeController)
		b.node(name, id, "False")
		if writes := b.round(); len(writes) > 0 || !b.read(name).hasTaint(uninitialized) || !b.keeper.strangers[name] {
			t.Errorf("%s: wrote %v", name, writes)
		}
	}
}

func TestNothingHappensInAClusterThatHasNotAskedForIt(t *testing.T) {
	b := start(t, "service-lb-controller")
	b.node("dev-shop-s1", "aws:///eu-west-1a/i-51", "True")
	b.node("dev-shop-s9", "aws:///eu-west-1a/i-59", "Unknown")
	if writes := b.round(); len(writes) > 0 {
		t.Errorf("wrote %v", writes)
	}
	b = start(t, nodeController)
	b.api.chart = nil
	b.node("dev-shop-s1", "aws:///eu-west-1a/i-51", "True")
	if writes := b.round(); len(writes) > 0 {
		t.Errorf("wrote %v before the chart was there", writes)
	}
}

func TestWhatSomebodyElseWroteMeanwhileIsKept(t *testing.T) {
	b := start(t, nodeController)
	b.node("dev-shop-s1", "aws:///eu-west-1a/i-51", "True")
	b.api.interfere = func(node object) {
		inner(inner(node, "metadata"), "labels")["theirs"] = "yes"
		inner(node, "metadata")["resourceVersion"] = "2"
		b.api.interfere = nil
	}
	b.round()
	if !b.read("dev-shop-s1").hasTaint(uninitialized) {
		t.Error("another's change was overwritten")
	}
	b.round()
	if b.read("dev-shop-s1").hasTaint(uninitialized) || b.labels("dev-shop-s1")["theirs"] != "yes" {
		t.Errorf("labels: %v", b.labels("dev-shop-s1"))
	}
}

func TestTheControllersOfTheChartAreThoseThatRun(t *testing.T) {
	for _, c := range []struct {
		argument        string
		node, lifecycle bool
	}{
		{"--controllers=" + nodeController, true, false},
		{"--controllers=" + nodeController + "," + lifecycleController, true, true},
		{"'--controllers=*,-" + lifecycleController + "'", true, false},
		{"--v=2", true, true},
	} {
		b := start(t, "")
		values := "args:\n  - " + c.argument + "\n"
		b.api.chart = &values
		b.round()
		got := []bool{b.keeper.manager.runs(nodeController), b.keeper.manager.runs(lifecycleController)}
		if !slices.Equal(got, []bool{c.node, c.lifecycle}) {
			t.Errorf("%s: %v", c.argument, got)
		}
	}
}
