package server

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"drover/rehearsal/rancher/machine"
)

func TestAWrongTokenRegistersNothing(t *testing.T) {
	b := newBench(t)
	headers := map[string]string{"X-Cattle-Id": "m1", "X-Cattle-Role-Worker": "true", "X-Cattle-Address": "10.0.0.1"}
	for _, token := range []string{"", "join-other", "token-admin"} {
		if code, body := b.ask("GET", "/v3/connect/agent", token, headers, nil); code != http.StatusUnauthorized {
			t.Errorf("token %q answers %d: %s", token, code, body)
		}
	}
	if got := b.machines(); len(got) != 0 {
		t.Errorf("machines: %v", got)
	}
}

func TestAnIncompleteRegistrationIsRefusedWithTheReason(t *testing.T) {
	b := newBench(t)
	for want, headers := range map[string]map[string]string{
		"'X-Cattle-Id' is missing": {"X-Cattle-Role-Worker": "true", "X-Cattle-Address": "10.0.0.1"},
		"no role":                  {"X-Cattle-Id": "m1", "X-Cattle-Address": "10.0.0.1"},
		"no address":               {"X-Cattle-Id": "m1", "X-Cattle-Role-Worker": "true"},
	} {
		if code, body := b.ask("GET", "/v3/connect/agent", "join-shop", headers, nil); code != http.StatusBadRequest || !strings.Contains(string(body), want) {
			t.Errorf("%s: answers %d: %s", want, code, body)
		}
	}
}

func TestTheApiNeedsOneOfRanchersTokens(t *testing.T) {
	b := newBench(t)
	for _, path := range []string{"/v3/machines", "/v3/clusters", "/v3/clusters/shop", "/k8s/clusters/c-m-1/api/v1/nodes"} {
		if code, _ := b.ask("GET", path, "join-shop", nil, nil); code != http.StatusUnauthorized {
			t.Errorf("%s answers %d to a registration token", path, code)
		}
	}
	if code, body := b.ask("GET", "/ping", "", nil, nil); code != http.StatusOK || string(body) != "pong" {
		t.Errorf("/ping answers %d: %s", code, body)
	}
}

func TestAMachineThatComesBackIsTheSameMachineWithANewToken(t *testing.T) {
	b := newBench(t)
	first := b.register("w1", "Worker")
	before := b.machines()["w1"]
	b.now = b.now.Add(time.Minute)
	second := b.register("w1", "Worker")
	after := b.machines()
	if first.SecretName != second.SecretName || len(after) != 1 || !after["w1"].Registered.Equal(before.Registered) {
		t.Errorf("registered as %s and %s, machines %v", first.SecretName, second.SecretName, after)
	}
	if code, _ := b.report(first, machine.Report{}); code != http.StatusUnauthorized {
		t.Errorf("the old token answers %d", code)
	}
	if code, _ := b.report(second, machine.Report{}); code != http.StatusOK {
		t.Errorf("the new token answers %d", code)
	}
}

func TestAWriteThatSomebodyElseOvertookIsTriedAgain(t *testing.T) {
	b := newBench(t)
	b.register("w1", "Worker")
	b.api.Conflicts = 3
	b.register("w2", "Worker")
	if got := b.machines(); len(got) != 2 || b.api.Conflicts != 0 {
		t.Errorf("machines %v, conflicts left %d", got, b.api.Conflicts)
	}
}

func TestAClusterBecomesActiveAndAnyServerOfRancherSaysSo(t *testing.T) {
	b := newBench(t)
	b.register("s1", "Etcd", "Control-Plane")
	b.round()
	if view := b.cluster(); view.State != "provisioning" || b.machines()["s1"].Phase != "Pending" {
		t.Errorf("before every role: %+v, %+v", view, b.machines())
	}
	b.raise()
	other := benchOn(t, b.api, "b")
	other.round()
	if view := other.cluster(); view.State != "active" || view.Ready != 2 || view.Message != "" {
		t.Errorf("the cluster is %+v", view)
	}
	if got := other.machines(); got["s1"].JoinedTo != "-" || got["w2"].JoinedTo != "https://10.0.0.1:9345" || got["w2"].Phase != "Running" {
		t.Errorf("machines: %+v", got)
	}
}

func TestAnotherServerOfRancherTakesOverThePlanningOfALostOne(t *testing.T) {
	b := newBench(t)
	b.round()
	other := benchOn(t, b.api, "b")
	other.register("s1", "Etcd", "Control-Plane")
	other.register("w2", "Worker")
	other.round()
	if other.machines()["s1"].JoinedTo != "" {
		t.Error("a server without the lead has planned")
	}
	other.now = other.now.Add(11 * time.Second)
	other.round()
	if other.machines()["s1"].JoinedTo != machine.InitNode {
		t.Errorf("nobody plans: %+v", other.machines())
	}
}
