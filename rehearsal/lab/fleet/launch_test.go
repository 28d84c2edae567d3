package fleet

import (
	"encoding/json"
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestAGroupLaunchesItsDesiredCapacityEvenlyOverItsZones(t *testing.T) {
	b := newBench(t, map[string]any{"desired_capacity": 5})
	b.turn()
	b.want("InService*5")
	zones := map[string]int{}
	seen := map[string]bool{}
	for _, one := range b.state().Instances {
		zones[one.Zone]++
		if !regexp.MustCompile(`^i-[0-9a-f]{17}$`).MatchString(one.ID) || seen[one.ID] || seen[one.Address] {
			t.Errorf("instance %s with address %s", one.ID, one.Address)
		}
		seen[one.ID], seen[one.Address] = true, true
	}
	if zones["eu-west-1a"] != 2 || zones["eu-west-1b"] != 2 || zones["eu-west-1c"] != 1 {
		t.Errorf("zones %v, want 2, 2 and 1", zones)
	}
}

func TestWithoutADesiredCapacityTheSmallestSizeIsKept(t *testing.T) {
	b := newBench(t, map[string]any{"desired_capacity": nil, "min_size": 3})
	b.turn()
	b.want("InService*3")
}

func TestAMachineGetsWhatItsLaunchTemplateSays(t *testing.T) {
	b := newBench(t, map[string]any{"desired_capacity": 1, "tag": []any{
		map[string]any{"key": "team", "value": "web", "propagate_at_launch": true},
		map[string]any{"key": "k8s.io/x", "value": "y", "propagate_at_launch": false},
	}})
	b.turn()
	id := b.ids(InService)[0]
	spec := b.fleet.specs[id]
	if string(spec.UserData) != userData || spec.Profile != "workers-role" || spec.HopLimit != 1 || spec.Group != groupName ||
		spec.Region != "eu-west-1" || spec.Subnet != "subnet-a" || spec.Name != "dev-shop-workers-"+id[2:7] {
		t.Errorf("spec %+v", spec)
	}
	if len(spec.Disks) != 1 || spec.Disks[0].SizeGiB != 20 || spec.Disks[0].Device != "/dev/sdf" ||
		!strings.HasPrefix(spec.Disks[0].VolumeID, "vol-") {
		t.Errorf("disks %v, want the one beside the root volume", spec.Disks)
	}
	want := map[string]string{
		"Name": "dev-shop-workers", "v": "1", "team": "web", "aws:autoscaling:groupName": groupName,
		"aws:ec2launchtemplate:id": "lt-1", "aws:ec2launchtemplate:version": "1",
	}
	if len(spec.Tags) != len(want) {
		t.Errorf("tags %v", spec.Tags)
	}
	for name, value := range want {
		if spec.Tags[name] != value {
			t.Errorf("tag %s is %q, want %q", name, spec.Tags[name], value)
		}
	}
}

func TestIdentifiersFollowFromTheGroupAndAreNeverGivenTwice(t *testing.T) {
	first, second := newBench(t, nil), newBench(t, nil)
	first.turn()
	second.turn()
	if a, b := first.ids(InService), second.ids(InService); strings.Join(a, " ") != strings.Join(b, " ") {
		t.Errorf("two runs gave %v and %v", a, b)
	}
	before := first.ids(InService)
	first.fleet.set(before[0], "terminated")
	first.restart()
	first.turn()
	first.want("InService*2")
	for _, id := range first.ids(InService) {
		if id == before[0] {
			t.Errorf("%s was given again", id)
		}
	}
}

func TestAddressesAreFreeAndLeaveTheUpperQuarterToBalancers(t *testing.T) {
	subnet := subnet{id: "subnet-x", cidr: "10.20.9.0/27"} // .4 to .30 can be used, the last six are the balancers'
	taken := map[netip.Addr]bool{netip.MustParseAddr("10.20.9.7"): true}
	for i := range 26 {
		got, err := address(subnet, "i-1", taken)
		if err != nil {
			t.Fatal(err)
		}
		last := got.As4()[3]
		if taken[got] || last < 4 || last > 30 || i < 19 && last > 24 {
			t.Errorf("address %d is %s", i, got)
		}
		taken[got] = true
	}
	_, err := address(subnet, "i-1", taken)
	if err == nil || err.Error() != "InsufficientFreeAddressesInSubnet: subnet 'subnet-x' has no free address" {
		t.Errorf("error %v", err)
	}
}

func TestAddressesOfTheWorldAreNotGiven(t *testing.T) {
	b := newBench(t, map[string]any{"vpc_zone_identifier": []any{"subnet-s"}, "desired_capacity": 2})
	b.put("aws_subnet", "subnet-s", map[string]any{"cidr_block": "10.20.9.0/28", "availability_zone": "eu-west-1a"})
	for _, free := range []string{"4", "5", "6", "7", "8", "10", "12", "13", "14"} {
		b.put("aws_network_interface", "eni-"+free, map[string]any{"private_ip": "10.20.9." + free})
	}
	b.put("aws_lb", "arn:web", map[string]any{"subnet_mapping": []any{
		map[string]any{"subnet_id": "subnet-s", "private_ipv4_address": "10.20.9.9"},
	}})
	b.turn()
	state := b.state()
	if len(state.Instances) != 1 || state.Instances[0].Address != "10.20.9.11" {
		t.Errorf("instances %+v, want one with the only free address", state.Instances)
	}
	if want := "InsufficientFreeAddressesInSubnet: subnet 'subnet-s' has no free address"; state.Failures.Last != want {
		t.Errorf("last failure %q", state.Failures.Last)
	}
}

func TestFailedLaunchesAreCountedAndPutOffLongerEachTime(t *testing.T) {
	b := newBench(t, map[string]any{"desired_capacity": 1})
	b.fleet.refuse = errors.New("no capacity")
	b.turn()
	if f := b.state().Failures; f.Total != 1 || f.Last != "launch: no capacity" || f.Next.Sub(b.clock) != 2*time.Second {
		t.Fatalf("failures %+v", f)
	}
	b.after(1999 * time.Millisecond)
	if f := b.state().Failures; f.Total != 1 {
		t.Errorf("tried before the pause was over: %+v", f)
	}
	for _, pause := range []time.Duration{4, 8, 16, 32, 60, 60} {
		b.clock = b.state().Failures.Next
		b.turn()
		if f := b.state().Failures; f.Next.Sub(b.clock) != pause*time.Second {
			t.Errorf("pause %s, want %d s", f.Next.Sub(b.clock), pause)
		}
	}
	b.fleet.refuse = nil
	b.after(time.Minute)
	b.want("InService*1")
	if f := b.state().Failures; f.InRow != 0 || f.Total != 7 {
		t.Errorf("failures %+v", f)
	}
}

func TestAMissingLaunchTemplateIsSaid(t *testing.T) {
	b := newBench(t, map[string]any{"launch_template": []any{map[string]any{"id": "lt-9", "version": "1"}}})
	b.turn()
	if got := b.state().Failures.Last; got != "group 'workers' asks for launch template 'lt-9', which the world does not hold" {
		t.Errorf("failure %q", got)
	}
	b.set(map[string]any{"launch_template": []any{map[string]any{"id": "lt-1", "version": "7"}}})
	b.after(time.Minute)
	want := "launch template 'lt-1' has no version '7' that is known here: the world holds '1'"
	if got := b.state().Failures.Last; got != want {
		t.Errorf("failure %q", got)
	}
}

func TestMixedInstancesFollowTheDistribution(t *testing.T) {
	b := newBench(t, map[string]any{"desired_capacity": 5, "launch_template": []any{}, "mixed_instances_policy": []any{map[string]any{
		"instances_distribution": []any{map[string]any{
			"on_demand_base_capacity": 2, "on_demand_percentage_above_base_capacity": 50,
		}},
		"launch_template": []any{map[string]any{
			"launch_template_specification": []any{map[string]any{"launch_template_id": "lt-1", "version": "$Latest"}},
			"override":                      []any{map[string]any{"instance_type": "m7i.xlarge"}, map[string]any{"instance_type": "m6i.xlarge"}},
		}},
	}}})
	b.turn()
	b.want("InService*5")
	markets := map[string]int{}
	for _, one := range b.state().Instances {
		markets[one.Market]++
		if one.Market == onDemand && one.Type != "m7i.xlarge" {
			t.Errorf("on demand is %s, want the first of the list", one.Type)
		}
	}
	if markets[onDemand] != 4 || markets[spot] != 1 {
		t.Errorf("markets %v, want 2 + half of 3, rounded up, on demand", markets)
	}
}

func TestTheStateFileHasWhatOthersRead(t *testing.T) {
	b := newBench(t, nil)
	b.turn()
	raw, err := os.ReadFile(filepath.Join(b.workspace, "lab", "fleet", "workers.json"))
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Name              string
		Desired, Min, Max int
		Instances         []struct {
			ID, Lifecycle, Health string
			Launched              time.Time
		}
	}
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	if got.Name != groupName || got.Desired != 2 || got.Min != 1 || got.Max != 6 || len(got.Instances) != 2 ||
		got.Instances[0].Lifecycle != InService || got.Instances[0].Health != "Healthy" || !got.Instances[0].Launched.Equal(b.clock) {
		t.Errorf("state %s", raw)
	}
}
