package fleet

import (
	"slices"
	"testing"
	"time"

	"drover/rehearsal/lab/host"
)

var _ Lifecycle = (*Controller)(nil)

func joined(timeout int) map[string]any {
	return hookAttrs("joined", launching, "ABANDON", timeout)
}

func TestANewInstanceWaitsForItsHookAndEntersServiceWhenItContinues(t *testing.T) {
	b := newBench(t, map[string]any{"initial_lifecycle_hook": []any{joined(7200)}})
	b.turn()
	b.want("Pending:Wait*2")
	ids := b.ids(PendingWait)
	b.complete("CONTINUE", "joined", ids[0])
	b.want("InService*1 Pending:Wait*1")
	b.refused(b.Complete(groupName, "joined", ids[0], "CONTINUE"),
		"No active Lifecycle Action found with instance ID "+ids[0]+" (hook 'joined')")
	b.refused(b.Complete(groupName, "other", ids[1], "CONTINUE"),
		"No active Lifecycle Action found with instance ID "+ids[1]+" (hook 'other')")
	b.refused(b.Complete(groupName, "joined", ids[1], "DONE"),
		"lifecycle action result 'DONE' is not allowed: it must be 'CONTINUE' or 'ABANDON'")
	b.refused(b.Heartbeat("none", "joined", ids[1]), "no Auto Scaling group is named 'none': there are 'workers'")
	b.want("InService*1 Pending:Wait*1")
}

func TestAnAbandonedInstanceIsTerminatedAndReplaced(t *testing.T) {
	b := newBench(t, map[string]any{"desired_capacity": 1, "initial_lifecycle_hook": []any{joined(7200)}})
	b.put("aws_autoscaling_lifecycle_hook", "leaving", hookAttrs("leaving", terminating, "CONTINUE", 300))
	b.turn()
	first := b.ids(PendingWait)[0]
	b.complete("ABANDON", "joined", first)
	if !slices.Equal(b.fleet.terminated, []string{first}) {
		t.Fatalf("terminated %v, want %s", b.fleet.terminated, first)
	}
	if f := b.state().Failures; f.Total != 1 || f.Last != "lifecycle hook 'joined' was abandoned" {
		t.Errorf("failures %+v", f)
	}
	b.after(2 * time.Second)
	b.want("Pending:Wait*1")
	if b.ids(PendingWait)[0] == first {
		t.Error("the abandoned instance is still there")
	}
}

func TestAHookThatTimesOutGivesItsDefaultResult(t *testing.T) {
	for result, want := range map[string]string{"ABANDON": "Pending:Wait*1", "CONTINUE": "InService*1"} {
		t.Run(result, func(t *testing.T) {
			b := newBench(t, map[string]any{"desired_capacity": 1,
				"initial_lifecycle_hook": []any{hookAttrs("joined", launching, result, 900)}})
			b.turn()
			first := b.ids(PendingWait)[0]
			b.after(899 * time.Second)
			b.want("Pending:Wait*1")
			b.after(time.Second)
			b.after(2 * time.Second)
			b.want(want)
			if gone := len(b.fleet.terminated) == 1; gone != (result == "ABANDON") {
				t.Errorf("%s: terminated %v", first, b.fleet.terminated)
			}
		})
	}
}

func TestAHeartbeatStartsTheTimeoutAnewUpToAHundredTimes(t *testing.T) {
	b := newBench(t, map[string]any{"desired_capacity": 1, "initial_lifecycle_hook": []any{joined(30)}})
	b.turn()
	id := b.ids(PendingWait)[0]
	for range 103 { // the last one is 2,987 s after the start
		b.after(29 * time.Second)
		if err := b.Heartbeat(groupName, "joined", id); err != nil {
			t.Fatal(err)
		}
	}
	b.after(12 * time.Second)
	b.want("Pending:Wait*1")
	b.after(time.Second)
	if !slices.Contains(b.fleet.terminated, id) {
		t.Error("the wait outlived a hundred heartbeats")
	}
}

func TestTheHookOfItsOwnResourceTakesThePlaceOfTheInitialOne(t *testing.T) {
	b := newBench(t, map[string]any{"desired_capacity": 1, "initial_lifecycle_hook": []any{joined(7200)}})
	b.turn()
	if got := b.state().Instances[0].Waits[0].TimeoutSec; got != 7200 {
		t.Errorf("first machine waits %d s, want the initial hook's 7200", got)
	}
	own := b.put("aws_autoscaling_lifecycle_hook", "joined", joined(900))
	b.turn()
	if err := b.SetDesired(groupName, 2); err != nil {
		t.Fatal(err)
	}
	b.turn()
	if got := b.state().Instances[1].Waits[0].TimeoutSec; got != 900 {
		t.Errorf("second machine waits %d s, want the hook's own 900", got)
	}
	if err := b.world.Remove(own); err != nil {
		t.Fatal(err)
	}
	_ = b.SetDesired(groupName, 3)
	b.turn()
	b.want("InService*1 Pending:Wait*2")
}

func TestAnInstanceWaitsForAllHooks(t *testing.T) {
	b := newBench(t, map[string]any{"desired_capacity": 1, "initial_lifecycle_hook": []any{
		joined(900), hookAttrs("checked", launching, "ABANDON", 900)}})
	b.turn()
	id := b.ids(PendingWait)[0]
	b.complete("CONTINUE", "joined", id)
	b.want("Pending:Wait*1")
	b.complete("CONTINUE", "checked", id)
	b.want("InService*1")
}

func TestScaleInWaitsForTheLeavingHook(t *testing.T) {
	b := newBench(t, nil)
	b.put("aws_autoscaling_lifecycle_hook", "leaving", hookAttrs("leaving", terminating, "CONTINUE", 300))
	b.turn()
	if err := b.SetDesired(groupName, 1); err != nil {
		t.Fatal(err)
	}
	b.turn()
	b.want("InService*1 Terminating:Wait*1")
	id := b.ids(TerminatingWait)[0]
	if len(b.fleet.terminated) != 0 {
		t.Fatal("the machine went before its hook was completed")
	}
	b.complete("CONTINUE", "leaving", id)
	b.want("InService*1")
	if !slices.Equal(b.fleet.terminated, []string{id}) {
		t.Errorf("terminated %v", b.fleet.terminated)
	}
}

func TestALeavingMachineThatNeverAnswersGoesWhenItsHookTimesOut(t *testing.T) {
	b := newBench(t, nil)
	b.put("aws_autoscaling_lifecycle_hook", "leaving", hookAttrs("leaving", terminating, "CONTINUE", 300))
	b.turn()
	if err := b.TerminateInstance(b.ids(InService)[0], true); err != nil {
		t.Fatal(err)
	}
	b.turn()
	b.after(299 * time.Second)
	b.want("InService*1 Terminating:Wait*1")
	b.after(time.Second)
	b.want("InService*1")
}

func TestAMachineThatIsGoneDoesNotHoldItsHook(t *testing.T) {
	b := newBench(t, nil)
	b.put("aws_autoscaling_lifecycle_hook", "leaving", hookAttrs("leaving", terminating, "CONTINUE", 300))
	b.turn()
	b.fleet.set(b.ids(InService)[0], host.Terminated)
	b.turn()
	b.want("InService*2")
}
