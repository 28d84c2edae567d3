package reconcile

import (
	"context"
	"encoding/base64"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"drover/rehearsal/lab/host"
	"drover/rehearsal/lab/world"
	"drover/rehearsal/rancher/testkit"
)

// fakeHosts notes what it is told.
type fakeHosts struct {
	mutex    sync.Mutex
	events   []string
	looks    int
	machines map[string]host.Machine
	holders  map[string]string
	disks    map[string][]host.Disk
	specs    map[string]host.Spec
	failures int
	// booting holds launches up. @default - they end at once
	booting chan struct{}
}

func newFake() *fakeHosts {
	return &fakeHosts{machines: map[string]host.Machine{}, holders: map[string]string{},
		disks: map[string][]host.Disk{}, specs: map[string]host.Spec{}}
}

func (f *fakeHosts) Launch(_ context.Context, spec host.Spec) error {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if f.failures > 0 {
		f.failures--
		return errors.New("no power")
	}
	f.events = append(f.events, "launch "+spec.ID)
	f.machines[spec.ID] = host.Machine{ID: spec.ID, Address: spec.Address, State: host.Running, Tags: spec.Tags}
	f.specs[spec.ID] = spec
	f.hold(spec.ID, spec.Disks)
	if f.booting != nil {
		f.mutex.Unlock()
		<-f.booting
		f.mutex.Lock()
	}
	return nil
}

func (f *fakeHosts) hold(id string, disks []host.Disk) {
	for _, disk := range f.disks[id] {
		delete(f.holders, disk.VolumeID)
	}
	f.disks[id] = disks
	for _, disk := range disks {
		f.holders[disk.VolumeID] = id
	}
}

func (f *fakeHosts) Terminate(_ context.Context, id string) error {
	time.Sleep(50 * time.Millisecond) // shutting down takes its time
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.events = append(f.events, "terminate "+id)
	delete(f.machines, id)
	f.hold(id, nil)
	return nil
}

func (f *fakeHosts) SetDisks(_ context.Context, id string, disks []host.Disk) error {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if !slices.Equal(f.disks[id], disks) {
		f.events = append(f.events, "disks "+id)
	}
	f.hold(id, disks)
	return nil
}

func (f *fakeHosts) SetTags(id string, tags map[string]string) error {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.events = append(f.events, "tags "+id+" "+tags["Name"])
	return nil
}

func (f *fakeHosts) Machines() []host.Machine {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.looks++
	var out []host.Machine
	for _, machine := range f.machines {
		out = append(out, machine)
	}
	return out
}

func (f *fakeHosts) Holder(volume string) string {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return f.holders[volume]
}

func (f *fakeHosts) KeepVolumes(func(string) bool) error { return nil }

func (f *fakeHosts) await(t *testing.T, event string) {
	t.Helper()
	testkit.Await(t, event, func() bool { return slices.Contains(f.happened(), event) }, func() any { return f.happened() })
}

func (f *fakeHosts) happened() []string {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return slices.Clone(f.events)
}

func (f *fakeHosts) looked() int {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return f.looks
}

// specOf is what a machine was launched with.
func (f *fakeHosts) specOf(id string) host.Spec {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return f.specs[id]
}

func object(kind, id string, attrs map[string]any) *world.Object {
	return &world.Object{Type: kind, ID: id, Scope: "eu-west-1", Attrs: attrs}
}

func server(id, card string, tags map[string]any) *world.Object {
	return object("aws_instance", id, map[string]any{
		"private_ip": "10.20.240.9", "subnet_id": "subnet-1", "availability_zone": "eu-west-1a", "region": "eu-west-1",
		"primary_network_interface": []any{map[string]any{"network_interface_id": card}},
		"user_data_base64":          base64.StdEncoding.EncodeToString([]byte("#cloud-config\n")),
		"iam_instance_profile":      "servers", "tags_all": tags,
		"metadata_options": []any{map[string]any{"http_put_response_hop_limit": 2}},
	})
}

func attachment(id, volume, instance string) *world.Object {
	return object("aws_volume_attachment", id,
		map[string]any{"device_name": "/dev/sdf", "volume_id": volume, "instance_id": instance})
}

// aWorld holds the network interface and the volume of one keyed server.
func aWorld(t *testing.T) *world.World {
	t.Helper()
	w := world.Open(t.TempDir())
	put(t, w, object("aws_network_interface", "eni-1", map[string]any{"private_ip": "10.20.240.121", "subnet_id": "subnet-2"}))
	put(t, w, object("aws_ebs_volume", "vol-1", map[string]any{"size": 50}))
	return w
}

func put(t *testing.T, w *world.World, objects ...*world.Object) {
	t.Helper()
	for _, o := range objects {
		if err := w.Put(o); err != nil {
			t.Fatal(err)
		}
	}
}

func run(t *testing.T, w *world.World, hosts *fakeHosts) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		(&Reconciler{World: w, Hosts: hosts, Log: slog.New(slog.DiscardHandler)}).Run(ctx)
	}()
	t.Cleanup(func() { cancel(); <-done })
}

func TestAnInstanceBecomesAMachineWithItsInterfacesAddressAndItsVolume(t *testing.T) {
	w, hosts := aWorld(t), newFake()
	put(t, w, attachment("vai-1", "vol-1", "i-1"), server("i-1", "eni-1", map[string]any{"Name": "s1"}))
	run(t, w, hosts)
	hosts.await(t, "launch i-1")

	spec := hosts.specOf("i-1")
	if spec.Address != "10.20.240.121" || spec.Subnet != "subnet-2" || spec.Name != "s1" || spec.HopLimit != 2 ||
		string(spec.UserData) != "#cloud-config\n" || spec.Profile != "servers" || spec.Group != "" {
		t.Fatalf("got %+v", spec)
	}
	if want := []host.Disk{{VolumeID: "vol-1", SizeGiB: 50, Device: "/dev/sdf"}}; !slices.Equal(spec.Disks, want) {
		t.Fatalf("got %+v", spec.Disks)
	}
}

func TestAVolumeThatIsAttachedLaterReachesTheRunningMachine(t *testing.T) {
	w, hosts := aWorld(t), newFake()
	put(t, w, server("i-1", "eni-1", nil))
	run(t, w, hosts)
	hosts.await(t, "launch i-1")
	put(t, w, attachment("vai-1", "vol-1", "i-1"))
	hosts.await(t, "disks i-1")
}

func TestAReplacedInstanceIsLaunchedOnlyWhenItsForerunnersAddressAndDiskAreFree(t *testing.T) {
	w, hosts := aWorld(t), newFake()
	put(t, w, attachment("vai-1", "vol-1", "i-1"), server("i-1", "eni-1", nil))
	run(t, w, hosts)
	hosts.await(t, "launch i-1")

	put(t, w, server("i-2", "eni-1", nil), attachment("vai-2", "vol-1", "i-2"))
	if err := errors.Join(w.Remove(attachment("vai-1", "", "")), w.Remove(server("i-1", "", nil))); err != nil {
		t.Fatal(err)
	}
	hosts.await(t, "launch i-2")
	happened, holder := hosts.happened(), hosts.Holder("vol-1")
	gone, came := slices.Index(happened, "terminate i-1"), slices.Index(happened, "launch i-2")
	if gone < 0 || gone > came || holder != "i-2" {
		t.Fatalf("happened: %q, the volume is %q's", happened, holder)
	}
}

func TestAFailedLaunchIsTriedAgain(t *testing.T) {
	w, hosts := aWorld(t), newFake()
	hosts.failures = 1
	put(t, w, server("i-1", "eni-1", nil))
	run(t, w, hosts)
	hosts.await(t, "launch i-1")
}

func TestMachinesOfAGroupAreLeftAloneAndNewTagsArePassedOn(t *testing.T) {
	w, hosts := aWorld(t), newFake()
	hosts.machines["i-9"] = host.Machine{ID: "i-9", Group: "workers", State: host.Running}
	put(t, w, server("i-1", "eni-1", map[string]any{"Name": "s1"}))
	run(t, w, hosts)
	hosts.await(t, "launch i-1")
	put(t, w, server("i-1", "eni-1", map[string]any{"Name": "renamed"}))
	hosts.await(t, "tags i-1 renamed")
	if happened := hosts.happened(); slices.Contains(happened, "terminate i-9") || len(happened) != 2 {
		t.Fatalf("happened: %q", happened)
	}
}

func TestTagsThatChangeWhileAMachineBootsArePassedOnAfterwards(t *testing.T) {
	w, hosts := aWorld(t), newFake()
	hosts.booting = make(chan struct{})
	put(t, w, server("i-1", "eni-1", map[string]any{"Name": "s1"}))
	run(t, w, hosts)
	hosts.await(t, "launch i-1")
	looks := hosts.looked()
	put(t, w, server("i-1", "eni-1", map[string]any{"Name": "renamed"}))
	testkit.Await(t, "the change is looked at", func() bool { return hosts.looked() > looks })
	close(hosts.booting)
	hosts.await(t, "tags i-1 renamed")
}
