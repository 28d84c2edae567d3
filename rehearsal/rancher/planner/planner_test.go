package planner

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"drover/rehearsal/rancher/machine"
)

var shop = Cluster{
	Name:               "shop",
	Version:            "v1.35.7+rke2r1",
	GlobalConfig:       map[string]any{"tls-san": []any{"api.shop"}, "kubelet-arg": []any{"v=2"}},
	AdditionalManifest: "kind: HelmChart\n",
}

const hash = "aa11"

func server(id string, age int) machine.Machine {
	return member(id, age, machine.Roles{Etcd: true, ControlPlane: true})
}
func agent(id string, age int) machine.Machine { return member(id, age, machine.Roles{Worker: true}) }

func member(id string, age int, roles machine.Roles) machine.Machine {
	return machine.Machine{
		Registration: machine.Registration{
			ID: id, Cluster: "shop", Roles: roles, NodeName: "shop-" + id, Address: "10.0.0." + id[1:], InternalAddress: "10.0.0." + id[1:],
			Registered: time.Date(2026, 1, 1, 0, age, 0, 0, time.UTC),
		},
		UID: "uid-" + id, Online: true,
	}
}

// fleet applies decisions as good machines would, so that a test can go on where the last round ended.
type fleet struct {
	t        *testing.T
	cluster  Cluster
	state    State
	machines []machine.Machine
}

func (f *fleet) round() Decision {
	decision := Decide(f.cluster, f.state, f.machines)
	f.state = decision.State
	for id, plan := range decision.Plans {
		f.at(id).Plan = &plan
	}
	return decision
}

// work lets the machines do what their plans say.
func (f *fleet) work() {
	for i := range f.machines {
		if m := &f.machines[i]; m.Plan != nil && m.Online {
			m.Joined = true
			m.Status = machine.Status{Applied: m.Plan.Hash(), Ready: true, HasData: m.Roles.Etcd, CAHash: hash}
		}
	}
}

func (f *fleet) at(id string) *machine.Machine {
	i := slices.IndexFunc(f.machines, func(m machine.Machine) bool { return m.ID == id })
	if i < 0 {
		f.t.Fatalf("no machine %s", id)
	}
	return &f.machines[i]
}

func (f *fleet) settle() {
	for range 8 {
		f.round()
		f.work()
	}
	if message := f.round().Message; message != "" {
		f.t.Fatalf("the fleet does not settle: %s", message)
	}
}

func newFleet(t *testing.T, machines ...machine.Machine) *fleet {
	return &fleet{t: t, cluster: shop, state: State{ServerToken: "secret"}, machines: machines}
}

func planned(decision Decision) string {
	return strings.Join(slices.Sorted(maps.Keys(decision.Plans)), " ")
}

func TestNothingIsPlannedBeforeEveryRoleIsThere(t *testing.T) {
	for name, machines := range map[string][]machine.Machine{
		"no machine":       nil,
		"no worker":        {server("s1", 1), server("s2", 2)},
		"no server":        {agent("w1", 1)},
		"no control plane": {member("e1", 1, machine.Roles{Etcd: true}), agent("w1", 2)},
		"no etcd":          {member("c1", 1, machine.Roles{ControlPlane: true}), agent("w1", 2)},
	} {
		t.Run(name, func(t *testing.T) {
			decision := newFleet(t, machines...).round()
			if planned(decision) != "" || decision.State.Init != "" || decision.Message != waitRoles {
				t.Errorf("planned %q, init %q, message %q", planned(decision), decision.State.Init, decision.Message)
			}
		})
	}
}

func TestTheOldestServerBeginsTheClusterAndTheOthersWait(t *testing.T) {
	f := newFleet(t, agent("w1", 0), server("s3", 3), server("s2", 1), server("s1", 2))
	decision := f.round()
	if planned(decision) != "s2" || decision.State.Init != "s2" || decision.Message != waitInit {
		t.Fatalf("planned %q, init %q, message %q", planned(decision), decision.State.Init, decision.Message)
	}
	plan := decision.Plans["s2"]
	if plan.JoinedTo != machine.InitNode || plan.Config["server"] != nil || plan.Config["token"] != "secret" || plan.NeedsData {
		t.Errorf("the init node's plan is %+v", plan)
	}
	if again := f.round(); planned(again) != "" {
		t.Errorf("planned %q before the init node answers", planned(again))
	}
}

func TestServersJoinOneByOneAndWorkersTogether(t *testing.T) {
	f := newFleet(t, server("s1", 1), server("s2", 2), server("s3", 3), agent("w1", 4), agent("w2", 5))
	f.round()
	f.work()
	decision := f.round()
	if planned(decision) != "s1 s2 w1 w2" {
		t.Fatalf("planned %q", planned(decision))
	}
	config := decision.Plans["s2"].Config
	if config["server"] != "https://10.0.0.1:9345" || config["token"] != "K10"+hash+"::server:secret" {
		t.Errorf("s2 joins with %v and %v", config["server"], config["token"])
	}
	if planned(f.round()) != "" {
		t.Error("s3 must wait until s2 is ready")
	}
	f.work()
	if decision = f.round(); planned(decision) != "s3" {
		t.Errorf("planned %q after s2", planned(decision))
	}
	f.work()
	if decision = f.round(); decision.Message != "" {
		t.Errorf("the cluster waits: %s", decision.Message)
	}
}

func TestALostInitNodeThatNeverAnsweredIsElectedAgain(t *testing.T) {
	f := newFleet(t, server("s1", 1), server("s2", 2), agent("w1", 3))
	f.round()
	f.machines = f.machines[1:]
	if decision := f.round(); decision.State.Init != "s2" || planned(decision) != "s2" || decision.Plans["s2"].NeedsData {
		t.Errorf("init %q, planned %q", decision.State.Init, planned(decision))
	}
}

func TestALostInitNodeOfALivingClusterIsReplacedByAMemberThatKeepsItsData(t *testing.T) {
	f := newFleet(t, server("s1", 1), server("s2", 2), server("s3", 3), agent("w1", 4))
	f.settle()
	f.machines = append(f.machines[1:], server("s9", 0))
	decision := f.round()
	if decision.State.Init != "s2" {
		t.Fatalf("init is %q: a machine without data must not be elected", decision.State.Init)
	}
	if plan := decision.Plans["s2"]; !plan.NeedsData || plan.JoinedTo != machine.InitNode {
		t.Errorf("the new init node's plan is %+v", plan)
	}
	f.settle()
	if joined := f.at("s9").Plan.Config["server"]; joined != "https://10.0.0.2:9345" {
		t.Errorf("the replacement joins through %v", joined)
	}
}

func TestAnInitNodeThatLostItsDiskJoinsTheOthers(t *testing.T) {
	f := newFleet(t, server("s1", 1), server("s2", 2), agent("w1", 4))
	f.settle()
	f.at("s1").Status = machine.Status{}
	if decision := f.round(); decision.State.Init != "s2" || decision.Plans["s1"].JoinedTo != "https://10.0.0.2:9345" {
		t.Errorf("init %q, s1 joins through %q", decision.State.Init, decision.Plans["s1"].JoinedTo)
	}
}

func TestAClusterWithoutAnyDataIsNeverBegunAgain(t *testing.T) {
	f := newFleet(t, server("s1", 1), agent("w1", 2))
	f.settle()
	f.machines = []machine.Machine{server("s2", 3), f.machines[1]}
	if decision := f.round(); decision.Message != needRestore || planned(decision) != "" {
		t.Errorf("planned %q, message %q", planned(decision), decision.Message)
	}
}

func TestAMachineThatComesBackKeepsItsPlan(t *testing.T) {
	f := newFleet(t, server("s1", 1), server("s2", 2), agent("w1", 3))
	f.settle()
	f.at("s2").Online, f.at("s2").Status.Ready = false, false
	f.round()
	f.at("s2").Online = true
	if decision := f.round(); planned(decision) != "" || f.at("s2").Plan.JoinedTo != "https://10.0.0.1:9345" {
		t.Errorf("planned %q, s2 joined through %q", planned(decision), f.at("s2").Plan.JoinedTo)
	}
}

func TestAReplacementWithTheLostServersAddressDoesNotJoinItself(t *testing.T) {
	f := newFleet(t, server("s1", 1), server("s2", 2), agent("w1", 3))
	f.settle()
	twin := server("s7", 9)
	twin.Address, twin.InternalAddress = "10.0.0.1", "10.0.0.1"
	f.machines = append(f.machines, twin)
	if decision := f.round(); decision.Plans["s7"].JoinedTo != "https://10.0.0.2:9345" {
		t.Errorf("joins through %q", decision.Plans["s7"].JoinedTo)
	}
}

func TestANewVersionReachesOneServerAtATime(t *testing.T) {
	f := newFleet(t, server("s1", 1), server("s2", 2), agent("w1", 3), agent("w2", 4))
	f.settle()
	f.cluster.Version = "v1.35.8+rke2r1"
	if first := f.round(); planned(first) != "s1 w1" {
		t.Fatalf("planned %q at once", planned(first))
	}
	if meanwhile := f.round(); planned(meanwhile) != "" {
		t.Errorf("planned %q while the first are out of step", planned(meanwhile))
	}
	f.work()
	if second := f.round(); planned(second) != "s2 w2" {
		t.Errorf("planned %q afterwards", planned(second))
	}
}

func TestDedicatedServersAreTaintedAndWorkersAreNot(t *testing.T) {
	tainted := server("s1", 1)
	tainted.Taints, tainted.Labels = []string{"own=x:NoSchedule"}, []string{"b=2", "a=1"}
	all := member("s2", 2, machine.Roles{Etcd: true, ControlPlane: true, Worker: true})
	f := newFleet(t, tainted, all, agent("w1", 3))
	f.settle()
	if got, want := strings.Join(f.at("s1").Plan.Config["node-taint"].([]string), " "), "own=x:NoSchedule "+etcdTaint+" "+controlPlaneTaint; got != want {
		t.Errorf("taints of a dedicated server: %s", got)
	}
	if got := strings.Join(f.at("s1").Plan.Config["node-label"].([]string), " "); got != "a=1 b=2 rke.cattle.io/machine=uid-s1" {
		t.Errorf("labels: %s", got)
	}
	for _, id := range []string{"s2", "w1"} {
		if got := f.at(id).Plan.Config["node-taint"]; got != nil {
			t.Errorf("taints of %s: %v", id, got)
		}
	}
}

func TestWorkersGetNeitherServerKeysNorManifests(t *testing.T) {
	f := newFleet(t, server("s1", 1), agent("w1", 2))
	f.settle()
	worker, control := f.at("w1").Plan, f.at("s1").Plan
	if worker.Unit != machine.AgentUnit || worker.Config["tls-san"] != nil || worker.Config["kubelet-arg"] == nil || worker.Manifests != nil {
		t.Errorf("the worker's plan is %+v", worker)
	}
	if control.Unit != machine.ServerUnit || control.Config["tls-san"] == nil || control.Manifests[addons] != shop.AdditionalManifest {
		t.Errorf("the server's plan is %+v", control)
	}
}

func TestServersWithOneRoleDisableTheOther(t *testing.T) {
	f := newFleet(t, member("e1", 1, machine.Roles{Etcd: true}), member("c2", 2, machine.Roles{ControlPlane: true}), agent("w1", 3))
	f.settle()
	if f.at("e1").Plan.Config["disable-apiserver"] != true || f.at("c2").Plan.Config["disable-etcd"] != true {
		t.Errorf("plans: %v and %v", f.at("e1").Plan.Config, f.at("c2").Plan.Config)
	}
}
