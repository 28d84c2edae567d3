package fleet

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"drover/rehearsal/lab/host"
	"drover/rehearsal/lab/world"
)

// machines is a fleet that does at once what it is told.
type machines struct {
	mutex      sync.Mutex
	now        func() time.Time
	order      []string
	all        map[string]*host.Machine
	specs      map[string]host.Spec
	refuse     error
	terminated []string
}

func (f *machines) Launch(_ context.Context, s host.Spec) error {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if f.refuse != nil {
		return f.refuse
	}
	if f.all[s.ID] != nil {
		return errors.New("launched twice")
	}
	f.order = append(f.order, s.ID)
	f.specs[s.ID] = s
	f.all[s.ID] = &host.Machine{
		ID: s.ID, Name: s.Name, Address: s.Address, Zone: s.Zone, Subnet: s.Subnet, Group: s.Group,
		State: host.Running, Launched: f.now(), Tags: s.Tags,
	}
	return nil
}

func (f *machines) Terminate(_ context.Context, id string) error {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.all[id].State = host.Terminated
	f.terminated = append(f.terminated, id)
	return nil
}

func (f *machines) Machines() []host.Machine {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	var out []host.Machine
	for _, id := range f.order {
		out = append(out, *f.all[id])
	}
	return out
}

func (f *machines) SetLifecycle(id, state string) error {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.all[id].Lifecycle = state
	return nil
}

func (f *machines) SetTags(string, map[string]string) error { return nil }
func (f *machines) Notice(string, host.Notice)              {}

func (f *machines) set(id string, state host.State) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.all[id].State = state
}

// bench is a controller of one group with a clock that stands.
type bench struct {
	t         *testing.T
	clock     time.Time
	workspace string
	world     *world.World
	fleet     *machines
	group     map[string]any
	*Controller
}

const (
	groupName = "workers"
	userData  = "#cloud-config\n{}"
)

// newBench makes a group of two in three zones; settings are those of the group. Nothing is launched yet.
func newBench(t *testing.T, settings map[string]any) *bench {
	t.Helper()
	dir := t.TempDir()
	b := &bench{t: t, clock: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), workspace: dir,
		world: world.Open(filepath.Join(dir, "world"))}
	b.fleet = &machines{now: b.now, all: map[string]*host.Machine{}, specs: map[string]host.Spec{}}
	for index, zone := range []string{"a", "b", "c"} {
		b.put("aws_subnet", "subnet-"+zone, map[string]any{
			"cidr_block": fmt.Sprintf("10.20.%d.0/24", index), "availability_zone": "eu-west-1" + zone,
		})
	}
	b.template(1)
	b.group = map[string]any{
		"name": groupName, "min_size": 1, "max_size": 6, "desired_capacity": 2, "health_check_grace_period": 60,
		"vpc_zone_identifier": []any{"subnet-c", "subnet-a", "subnet-b"},
		"launch_template":     []any{map[string]any{"id": "lt-1", "version": "1"}},
		"instance_refresh": []any{map[string]any{"strategy": "Rolling", "preferences": []any{map[string]any{
			"min_healthy_percentage": 100, "max_healthy_percentage": 110, "auto_rollback": true, "skip_matching": true,
		}}}},
	}
	b.set(settings)
	b.restart()
	return b
}

func (b *bench) now() time.Time { return b.clock }

func (b *bench) put(kind, id string, attrs map[string]any) *world.Object {
	b.t.Helper()
	out := &world.Object{Type: kind, ID: id, Scope: "eu-west-1", Attrs: attrs}
	if err := b.world.Put(out); err != nil {
		b.t.Fatal(err)
	}
	return out
}

// set changes settings of the group.
func (b *bench) set(settings map[string]any) {
	for name, value := range settings {
		b.group[name] = value
	}
	b.put("aws_autoscaling_group", groupName, b.group)
}

// template makes a version the latest one of the launch template.
func (b *bench) template(version int) {
	b.put("aws_launch_template", "lt-1", map[string]any{
		"name": "workers", "latest_version": version, "default_version": 1, "instance_type": "m7i.xlarge",
		"user_data":            base64.StdEncoding.EncodeToString([]byte(userData)),
		"iam_instance_profile": []any{map[string]any{"arn": "arn:aws:iam::123456789012:instance-profile/workers-role"}},
		"metadata_options":     []any{map[string]any{"http_put_response_hop_limit": 1}},
		"block_device_mappings": []any{
			map[string]any{"device_name": "/dev/sda1", "ebs": []any{map[string]any{"volume_size": 60}}},
			map[string]any{"device_name": "/dev/sdf", "ebs": []any{map[string]any{"volume_size": 20}}},
		},
		"tag_specifications": []any{
			map[string]any{"resource_type": "volume", "tags": map[string]any{"kind": "volume"}},
			map[string]any{"resource_type": "instance", "tags": map[string]any{"Name": "dev-shop-workers", "v": fmt.Sprint(version)}},
		},
	})
}

func (b *bench) useVersion(version int) {
	b.template(version)
	b.set(map[string]any{"launch_template": []any{map[string]any{"id": "lt-1", "version": fmt.Sprint(version)}}})
}

// hook adds one; initial ones are part of the group.
func hookAttrs(name, transition, result string, timeout int) map[string]any {
	return map[string]any{"name": name, "autoscaling_group_name": groupName, "lifecycle_transition": transition,
		"default_result": result, "heartbeat_timeout": timeout}
}

// restart begins with a new controller on the same state.
func (b *bench) restart() {
	b.t.Helper()
	c, err := newController(Config{Workspace: b.workspace, World: b.world, Fleet: b.fleet, Now: b.now})
	if err != nil {
		b.t.Fatal(err)
	}
	c.run = func(call func()) { call() }
	b.Controller = c
}

// turn lets the controller look, as often as it takes for everything that follows at once.
func (b *bench) turn() {
	for range 4 {
		b.reconcile(context.Background(), true)
	}
}

func (b *bench) after(d time.Duration) {
	b.clock = b.clock.Add(d)
	b.turn()
}

func (b *bench) state() Group {
	b.t.Helper()
	groups := b.Groups()
	if len(groups) != 1 {
		b.t.Fatalf("groups %v", groups)
	}
	return groups[0]
}

// ids are the instances in a lifecycle state, in the order of launch.
func (b *bench) ids(lifecycle string) []string {
	var out []string
	for _, one := range b.state().Instances {
		if one.Lifecycle == lifecycle {
			out = append(out, one.ID)
		}
	}
	return out
}

// want compares the instances' lifecycle states, such as "InService*2 Pending:Wait*1".
func (b *bench) want(what string) {
	b.t.Helper()
	counts := map[string]int{}
	for _, one := range b.state().Instances {
		counts[one.Lifecycle]++
		if seen := b.fleet.all[one.ID]; seen != nil && seen.Lifecycle != one.Lifecycle {
			b.t.Errorf("machine %s was told %q, is %q", one.ID, seen.Lifecycle, one.Lifecycle)
		}
	}
	var got []string
	for lifecycle, count := range counts {
		got = append(got, fmt.Sprintf("%s*%d", lifecycle, count))
	}
	slices.Sort(got)
	if text := strings.Join(got, " "); text != what {
		b.t.Fatalf("instances %q, want %q", text, what)
	}
}

func (b *bench) complete(result, hook string, ids ...string) {
	b.t.Helper()
	for _, id := range ids {
		if err := b.Complete(groupName, hook, id, result); err != nil {
			b.t.Fatal(err)
		}
	}
	b.turn()
}

func (b *bench) refused(err error, want string) {
	b.t.Helper()
	if err == nil || err.Error() != want {
		b.t.Errorf("error %q, want %q", err, want)
	}
}
