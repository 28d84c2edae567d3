package fleet

import (
	"testing"
	"time"
)

func (b *bench) versions() (out string) {
	for _, one := range b.state().Instances {
		if !one.leaving() {
			out += one.Template.Version
		}
	}
	return out
}

func TestARefreshReplacesOneByOneWithoutLosingCapacity(t *testing.T) {
	b := newBench(t, map[string]any{"initial_lifecycle_hook": []any{joined(900)}})
	b.turn()
	b.complete("CONTINUE", "joined", b.ids(PendingWait)...)
	b.after(time.Minute)
	b.useVersion(2)
	b.turn()
	for step := range 2 {
		b.want("InService*2 Pending:Wait*1")
		if b.state().Refresh.Status != "InProgress" {
			t.Fatalf("step %d: refresh %+v", step, b.state().Refresh)
		}
		b.complete("CONTINUE", "joined", b.ids(PendingWait)...)
	}
	b.want("InService*2")
	if got := b.versions(); got != "22" || b.state().Refresh.Status != "Successful" {
		t.Errorf("versions %s, refresh %+v", got, b.state().Refresh)
	}
}

func TestWithoutRoomAboveTheDesiredCapacityAnOldMachineGoesFirst(t *testing.T) {
	b := newBench(t, map[string]any{"initial_lifecycle_hook": []any{joined(900)}, "instance_refresh": []any{map[string]any{
		"strategy": "Rolling", "preferences": []any{map[string]any{"min_healthy_percentage": 50}},
	}}})
	b.turn()
	b.complete("CONTINUE", "joined", b.ids(PendingWait)...)
	b.useVersion(2)
	b.turn()
	b.want("InService*1 Pending:Wait*1")
	b.complete("CONTINUE", "joined", b.ids(PendingWait)...)
	b.want("InService*1 Pending:Wait*1")
	b.complete("CONTINUE", "joined", b.ids(PendingWait)...)
	b.want("InService*2")
	if b.versions() != "22" {
		t.Errorf("versions %s", b.versions())
	}
}

func TestARefreshWhoseMachinesAreAbandonedIsRolledBack(t *testing.T) {
	b := newBench(t, map[string]any{"initial_lifecycle_hook": []any{joined(900)}})
	b.turn()
	b.complete("CONTINUE", "joined", b.ids(PendingWait)...)
	before := b.ids(InService)
	b.useVersion(2)
	b.turn()
	for range 3 {
		b.want("InService*2 Pending:Wait*1")
		b.complete("ABANDON", "joined", b.ids(PendingWait)...)
		b.after(time.Minute)
	}
	b.want("InService*2")
	if got := b.ids(InService); got[0] != before[0] || got[1] != before[1] || b.state().Refresh.Status != "RollbackSuccessful" {
		t.Fatalf("instances %v, refresh %+v", got, b.state().Refresh)
	}
	_ = b.SetDesired(groupName, 3)
	b.turn()
	b.complete("CONTINUE", "joined", b.ids(PendingWait)...)
	if b.versions() != "111" {
		t.Errorf("versions %s, want the one before the refresh", b.versions())
	}
	b.useVersion(3)
	b.turn()
	for range 3 {
		b.complete("CONTINUE", "joined", b.ids(PendingWait)...)
	}
	if b.versions() != "333" || b.state().Refresh.Status != "Successful" {
		t.Errorf("versions %s, refresh %+v", b.versions(), b.state().Refresh)
	}
}

func TestARollbackReplacesTheNewMachinesWithOldOnes(t *testing.T) {
	b := newBench(t, map[string]any{"initial_lifecycle_hook": []any{joined(900)}})
	b.turn()
	b.complete("CONTINUE", "joined", b.ids(PendingWait)...)
	b.useVersion(2)
	b.turn()
	b.complete("CONTINUE", "joined", b.ids(PendingWait)...)
	if b.versions() != "122" {
		t.Fatalf("versions %s", b.versions())
	}
	b.restart() // a rollback needs a version that the world does not hold any more
	for range 3 {
		b.complete("ABANDON", "joined", b.ids(PendingWait)...)
		b.after(time.Minute)
	}
	if b.state().Refresh.Status != "RollbackInProgress" {
		t.Fatalf("refresh %+v", b.state().Refresh)
	}
	b.complete("CONTINUE", "joined", b.ids(PendingWait)...)
	if b.versions() != "11" || b.state().Refresh.Status != "RollbackSuccessful" {
		t.Errorf("versions %s, refresh %+v", b.versions(), b.state().Refresh)
	}
}

func TestWithoutAutoRollbackARefreshFailsAndLeavesTheRest(t *testing.T) {
	b := newBench(t, map[string]any{"initial_lifecycle_hook": []any{joined(900)}, "instance_refresh": []any{map[string]any{
		"preferences": []any{map[string]any{"min_healthy_percentage": 100, "max_healthy_percentage": 110}},
	}}})
	b.turn()
	b.complete("CONTINUE", "joined", b.ids(PendingWait)...)
	b.useVersion(2)
	b.turn()
	for range 3 {
		b.complete("ABANDON", "joined", b.ids(PendingWait)...)
		b.after(time.Minute)
	}
	b.want("InService*2")
	if b.versions() != "11" || b.state().Refresh.Status != "Failed" {
		t.Errorf("versions %s, refresh %+v", b.versions(), b.state().Refresh)
	}
}

func TestANewVersionWithoutRefreshIsForNewMachinesOnly(t *testing.T) {
	b := newBench(t, map[string]any{"instance_refresh": []any{}})
	b.turn()
	b.useVersion(2)
	b.turn()
	_ = b.SetDesired(groupName, 3)
	b.turn()
	if b.versions() != "112" {
		t.Errorf("versions %s", b.versions())
	}
	_ = b.SetDesired(groupName, 1)
	b.turn()
	if b.versions() != "2" {
		t.Errorf("versions %s, want the older ones gone first", b.versions())
	}
}

func TestAWarmUpIsWaitedForIfTheGroupNamesOne(t *testing.T) {
	b := newBench(t, map[string]any{"default_instance_warmup": 60})
	b.turn()
	b.after(time.Minute)
	b.useVersion(2)
	b.turn()
	b.want("InService*3")
	b.after(59 * time.Second)
	b.want("InService*3")
	b.after(time.Second)
	b.after(time.Minute)
	b.after(time.Minute)
	b.want("InService*2")
	if b.versions() != "22" {
		t.Errorf("versions %s", b.versions())
	}
}
