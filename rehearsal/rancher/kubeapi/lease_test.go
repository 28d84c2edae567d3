package kubeapi_test

import (
	"testing"
	"time"

	"drover/rehearsal/rancher/kubeapi"
	"drover/rehearsal/rancher/testkit"
)

func TestOnlyOneServerLeadsAndASilentOneIsReplaced(t *testing.T) {
	api := testkit.NewAPI(t)
	kubeconfig, err := kubeapi.ReadKubeconfig(api.Kubeconfig(t))
	if err != nil {
		t.Fatal(err)
	}
	client, err := kubeapi.New(kubeconfig.Server, kubeconfig.Credential)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	first := &kubeapi.Lead{Namespace: "n", Name: "l", Holder: "first"}
	second := &kubeapi.Lead{Namespace: "n", Name: "l", Holder: "second"}
	expect := func(lead *kubeapi.Lead, after time.Duration, want bool) {
		t.Helper()
		now = now.Add(after)
		if got, err := lead.Hold(t.Context(), client, now); err != nil || got != want {
			t.Errorf("%s leads: %v (%v)", lead.Holder, got, err)
		}
	}
	expect(first, 0, true)
	expect(second, 0, false)
	expect(first, 8*time.Second, true)
	expect(second, 4*time.Second, false)
	expect(second, 9*time.Second, false)
	expect(second, 2*time.Second, true)
	expect(first, 0, false)

	api.Close()
	now = now.Add(9 * time.Second)
	if leads, err := second.Hold(t.Context(), client, now); !leads || err == nil {
		t.Errorf("a short silence of the API ends the lead: %v (%v)", leads, err)
	}
	now = now.Add(2 * time.Second)
	if leads, _ := second.Hold(t.Context(), client, now); leads {
		t.Error("leads without the API for longer than others wait")
	}
}

func TestAClientThatTheApiDoesNotKnowIsRefused(t *testing.T) {
	api, other := testkit.NewAPI(t), testkit.NewAPI(t)
	mine, err := kubeapi.ReadKubeconfig(api.Kubeconfig(t))
	if err != nil {
		t.Fatal(err)
	}
	client, err := kubeapi.New(other.URL, mine.Credential)
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Do(t.Context(), "GET", "/readyz", nil, nil); err == nil {
		t.Error("an API with another CA was trusted")
	}
}
