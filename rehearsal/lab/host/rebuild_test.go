package host

import (
	"context"
	"testing"
)

func TestOnlyAMachineOfTheWorldIsRebuilt(t *testing.T) {
	h := aLab(t, Machine{ID: "i-0a", State: Stopped}, Machine{ID: "i-0b", State: Terminated})
	h.guests["i-0a"].spec.Group = "workers"
	for id, want := range map[string]string{
		"i-0a": `machine "i-0a" belongs to group "workers": "terminate" it, and the group launches another one`,
		"i-0b": `machine "i-0b" is terminated: it never runs again`,
		"i-0c": `machine "i-0c" is unknown: give the identifier or the name of one that "status" shows`,
	} {
		if err := h.Rebuild(context.Background(), id, Renewal{}); err == nil || err.Error() != want {
			t.Errorf("got %v", err)
		}
	}
}

func TestARebuiltMachineHasForgottenWhatTheOneBeforeTold(t *testing.T) {
	h := aLab(t, Machine{
		ID: "i-0a", State: Stopped, Lost: true, Bootstrap: []byte(`{"result":"ok"}`), Notice: &Notice{Action: "stop"},
		Tags: map[string]string{"Name": "renamed", "drover:bootstrap": "failed:20-data-disk"},
	})
	g := h.guests["i-0a"]
	g.spec.Tags = map[string]string{"Name": "s1"}
	if err := h.asNew(g); err != nil {
		t.Fatal(err)
	}
	got := g.machine
	if got.State != Pending || got.Lost || got.Bootstrap != nil || got.Notice != nil || got.Launched.IsZero() ||
		len(got.Tags) != 1 || got.Tags["Name"] != "renamed" {
		t.Fatalf("got %+v", got)
	}
}

func TestALostMachineNeverStartsAgain(t *testing.T) {
	h := aLab(t, Machine{ID: "i-0a", State: Stopped})
	if err := h.Lose("i-0a"); err != nil {
		t.Fatal(err)
	}
	err := h.Start(context.Background(), "i-0a")
	if want := `machine "i-0a" is lost: it never starts again; rebuild it, or leave it to its group`; err == nil || err.Error() != want {
		t.Fatalf("got %v", err)
	}
	// nor when the lab starts anew
	again, err := New(h.Config)
	if err != nil {
		t.Fatal(err)
	}
	if got := again.Machines()[0]; !got.Lost || got.State != Stopped {
		t.Fatalf("got %+v", got)
	}
}
