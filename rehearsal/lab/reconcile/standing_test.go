package reconcile

import (
	"slices"
	"testing"

	"drover/rehearsal/lab/host"
	"drover/rehearsal/lab/world"
)

func TestAMachineOfADataCentreIsOnWithItsDisksNames(t *testing.T) {
	w, hosts := world.Open(t.TempDir()), newFake()
	put(t, w, &world.Object{Type: standingKind, ID: "metal-hall-kv-01", Scope: "metal", Attrs: map[string]any{
		"name": "kv-01", "address": "10.40.0.11", "cidr": "10.40.0.0/24", "login": "ops", "rack": "rack-1",
		"tags": map[string]any{"drover:role": "server"},
		"disks": []any{
			map[string]any{"id": "vol-kv-01-data", "size": 20, "serial": "LAB-1"},
			map[string]any{"id": "vol-kv-01-brick", "size": 20, "link": "by-path/pci-0000:00:07.0"},
		},
	}})
	run(t, w, hosts)
	hosts.await(t, "launch metal-hall-kv-01")
	spec := hosts.specOf("metal-hall-kv-01")
	if spec.Name != "kv-01" || spec.Subnet != "10.40.0.0/24" || spec.Bare == nil || *spec.Bare != (host.Bare{Login: "ops", Port: 22}) {
		t.Errorf("got %+v", spec)
	}
	want := []host.Disk{
		{VolumeID: "vol-kv-01-data", SizeGiB: 20, Serial: "LAB-1"},
		{VolumeID: "vol-kv-01-brick", SizeGiB: 20, Link: "by-path/pci-0000:00:07.0"},
	}
	if !slices.Equal(spec.Disks, want) {
		t.Errorf("got %+v", spec.Disks)
	}
	place, err := Place(w, spec.Subnet)
	if err != nil || place.Router().String() != "10.40.0.1" || place.HasMetadata {
		t.Errorf("place %+v, %v", place, err)
	}
}
