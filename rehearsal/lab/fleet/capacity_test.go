package fleet

import (
	"context"
	"slices"
	"testing"
	"time"

	"drover/rehearsal/lab/host"
	"drover/rehearsal/rancher/testkit"
)

func TestAStoppedMachineIsReplacedAfterTheGracePeriodOnly(t *testing.T) {
	b := newBench(t, nil)
	b.turn()
	lost := b.ids(InService)[0]
	b.after(10 * time.Second)
	b.fleet.set(lost, host.Stopped)
	b.after(49 * time.Second)
	b.want("InService*2")
	if len(b.fleet.terminated) != 0 {
		t.Fatal("replaced within the grace period")
	}
	b.after(time.Second)
	b.want("InService*2")
	if !slices.Equal(b.fleet.terminated, []string{lost}) || slices.Contains(b.ids(InService), lost) {
		t.Errorf("terminated %v, in service %v", b.fleet.terminated, b.ids(InService))
	}
}

func TestAMachineThatComesBackWithinTheGracePeriodStays(t *testing.T) {
	b := newBench(t, nil)
	b.turn()
	before := b.ids(InService)
	b.fleet.set(before[0], host.Stopped)
	b.after(30 * time.Second)
	b.fleet.set(before[0], host.Running)
	b.after(10 * time.Minute)
	if !slices.Equal(before, b.ids(InService)) {
		t.Errorf("instances %v, want %v", b.ids(InService), before)
	}
}

func TestMachinesThatALabWhichStartsAnewIsAboutToSwitchOnStay(t *testing.T) {
	b := newBench(t, nil)
	b.turn()
	before := b.ids(InService)
	b.after(10 * time.Minute)
	for _, id := range before {
		b.fleet.set(id, host.Pending)
	}
	b.restart()
	b.turn()
	if !slices.Equal(before, b.ids(InService)) {
		t.Errorf("instances %v, want %v", b.ids(InService), before)
	}
}

func TestALostMachineIsReplacedAtOnce(t *testing.T) {
	b := newBench(t, nil)
	b.turn()
	lost := b.ids(InService)[0]
	b.fleet.set(lost, host.Terminated)
	b.turn()
	b.want("InService*2")
	if slices.Contains(b.ids(InService), lost) || b.state().Failures.Total != 0 {
		t.Errorf("instances %v, failures %+v", b.ids(InService), b.state().Failures)
	}
}

func TestScaleOutAndInKeepTheZonesEven(t *testing.T) {
	b := newBench(t, nil)
	b.turn()
	first := b.ids(InService)
	for _, n := range []int{6, 3} {
		if err := b.SetDesired(groupName, n); err != nil {
			t.Fatal(err)
		}
		b.after(time.Minute)
		zones := map[string]int{}
		for _, one := range b.state().Instances {
			zones[one.Zone]++
		}
		if len(zones) != 3 || zones["eu-west-1a"] != n/3 || zones["eu-west-1b"] != n/3 {
			t.Errorf("with %d machines the zones are %v", n, zones)
		}
	}
	for _, id := range first {
		if slices.Contains(b.ids(InService), id) {
			t.Errorf("%s is older than others of its zone and stayed", id)
		}
	}
}

func TestDesiredCapacityStaysWithinItsBounds(t *testing.T) {
	b := newBench(t, nil)
	b.turn()
	b.refused(b.SetDesired(groupName, 7), "desired capacity 7 of group 'workers' is not allowed: it must be from 1 to 6")
	b.refused(b.SetDesired(groupName, 0), "desired capacity 0 of group 'workers' is not allowed: it must be from 1 to 6")
	if err := b.SetDesired(groupName, 4); err != nil {
		t.Fatal(err)
	}
	b.set(map[string]any{"max_size": 3})
	b.turn()
	b.want("InService*3")
	b.set(map[string]any{"desired_capacity": 1})
	b.turn()
	b.want("InService*1")
}

func TestADesiredCapacityThatWasSetOutlivesARestart(t *testing.T) {
	b := newBench(t, nil)
	b.turn()
	_ = b.SetDesired(groupName, 4)
	b.turn()
	before := b.ids(InService)
	b.restart()
	b.turn()
	if !slices.Equal(before, b.ids(InService)) || len(before) != 4 {
		t.Errorf("instances %v, then %v", before, b.ids(InService))
	}
}

func TestScaleInLeavesProtectedMachinesAlone(t *testing.T) {
	b := newBench(t, map[string]any{"desired_capacity": 3})
	b.turn()
	ids := b.ids(InService)
	for _, id := range ids[:2] {
		protect := func(_ *Group, one *Instance) error {
			one.Protected = true
			return nil
		}
		if err := b.changeInstance(id, protect); err != nil {
			t.Fatal(err)
		}
	}
	_ = b.SetDesired(groupName, 1)
	b.turn()
	if got := b.ids(InService); !slices.Equal(got, ids[:2]) {
		t.Errorf("instances %v, want the protected ones %v", got, ids[:2])
	}
}

func TestScaleInTakesFirstWhatTheDistributionHasTooManyOf(t *testing.T) {
	m := &model{mixed: &distribution{base: 1, percentAbove: 0}}
	a := &Instance{ID: "a", Zone: "a", Lifecycle: InService, Market: onDemand}
	b := &Instance{ID: "b", Zone: "a", Lifecycle: InService, Market: spot, Launched: time.Unix(9, 0)}
	if got := m.victim([]*Instance{a, b}, Version{}); got != b {
		t.Errorf("victim %s, want the spot machine: one on demand is the base", got.ID)
	}
	c := &Instance{ID: "c", Zone: "a", Lifecycle: InService, Market: onDemand, Launched: time.Unix(10, 0)}
	if got := m.victim([]*Instance{a, b, c}, Version{}); got != a {
		t.Errorf("victim %s, want the older on-demand machine", got.ID)
	}
	waiting := &Instance{ID: "w", Zone: "a", Lifecycle: PendingWait, Market: spot, Launched: time.Unix(11, 0)}
	if got := m.victim([]*Instance{a, b, c, waiting}, Version{}); got != waiting {
		t.Errorf("victim %s, want the one that is not in service", got.ID)
	}
}

func TestTerminateInstanceReplacesUnlessTheCapacityFalls(t *testing.T) {
	b := newBench(t, nil)
	b.turn()
	ids := b.ids(InService)
	if err := b.TerminateInstance(ids[0], false); err != nil {
		t.Fatal(err)
	}
	b.turn()
	b.want("InService*2")
	if err := b.TerminateInstance(ids[1], true); err != nil {
		t.Fatal(err)
	}
	b.turn()
	b.want("InService*1")
	b.refused(b.TerminateInstance(ids[1], true),
		"no Auto Scaling group has an instance '"+ids[1]+"' that is not leaving already")
	b.refused(b.TerminateInstance(b.ids(InService)[0], true),
		"desired capacity 0 of group 'workers' is not allowed: it must be from 1 to 6")
}

func TestASpotMachineAboutToBeTakenLeavesWhenAnotherIsInService(t *testing.T) {
	b := newBench(t, map[string]any{"capacity_rebalance": true, "initial_lifecycle_hook": []any{joined(900)}})
	b.turn()
	b.complete("CONTINUE", "joined", b.ids(PendingWait)...)
	taken := b.ids(InService)[0]
	if err := b.Rebalance(taken); err != nil {
		t.Fatal(err)
	}
	b.turn()
	b.want("InService*2 Pending:Wait*1")
	b.complete("CONTINUE", "joined", b.ids(PendingWait)...)
	b.want("InService*2")
	if slices.Contains(b.ids(InService), taken) {
		t.Error("the machine that was announced stayed")
	}
}

func TestSuspendedProcessesRest(t *testing.T) {
	b := newBench(t, map[string]any{"suspended_processes": []any{"Launch"}})
	b.turn()
	b.want("")
	b.set(map[string]any{"suspended_processes": []any{"Terminate", "ReplaceUnhealthy"}})
	b.turn()
	b.want("InService*2")
	b.fleet.set(b.ids(InService)[0], host.Stopped)
	_ = b.SetDesired(groupName, 1)
	b.after(time.Hour)
	b.want("InService*2")
}

func TestADeletedGroupLosesItsMachinesAndKeepsItsCounter(t *testing.T) {
	b := newBench(t, nil)
	b.turn()
	before := b.ids(InService)
	object, err := b.world.Find("aws_autoscaling_group", groupName)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.world.Remove(object); err != nil {
		t.Fatal(err)
	}
	b.turn()
	if len(b.Groups()) != 0 || len(b.fleet.terminated) != 2 {
		t.Errorf("groups %v, terminated %v", b.Groups(), b.fleet.terminated)
	}
	b.set(nil)
	b.turn()
	b.want("InService*2")
	for _, id := range b.ids(InService) {
		if slices.Contains(before, id) {
			t.Errorf("%s was given again", id)
		}
	}
}

func TestStartKeepsGroupsByItselfUntilItsContextEnds(t *testing.T) {
	b := newBench(t, nil)
	ctx, stop := context.WithCancel(context.Background())
	c, err := Start(ctx, Config{Workspace: b.workspace, World: b.world, Fleet: b.fleet, Interval: 5 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	b.Controller = c
	testkit.Await(t, "two machines are in service", func() bool {
		return len(c.Groups()) != 0 && len(b.ids(InService)) == 2
	}, func() any { return c.Groups() })
	stop()
	c.Wait()
	_, err = Start(context.Background(), Config{})
	b.refused(err, "'Workspace', 'World' and 'Fleet' of the controller's configuration must all be given")
}
