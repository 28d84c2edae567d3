package host

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// withDisk gives a machine of a lab a data disk that holds these words.
func withDisk(t *testing.T, h *Hosts, id, content string) Disk {
	t.Helper()
	disk := Disk{VolumeID: "vol-0a", SizeGiB: 1}
	h.guests[id].spec.Disks = []Disk{disk}
	if err := os.MkdirAll(filepath.Dir(h.disks.image(disk.VolumeID)), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(h.disks.image(disk.VolumeID), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return disk
}

func start(path string, count int) string {
	file, err := os.Open(path)
	if err != nil {
		return err.Error()
	}
	defer file.Close()
	raw := make([]byte, count)
	read, _ := file.Read(raw)
	return string(raw[:read])
}

func TestAForeignDiskTakesTheOwnOnesPlaceUntilThatIsBack(t *testing.T) {
	if _, err := exec.LookPath("mkfs.ext4"); err != nil {
		t.Skip("no mkfs.ext4 here")
	}
	h := aLab(t, Machine{ID: "i-0a", State: Stopped})
	disk := withDisk(t, h, "i-0a", "our data")
	for range 2 { // the second time must not take the foreign one for the own one
		if err := h.SwapDisk(context.Background(), "i-0a"); err != nil {
			t.Fatal(err)
		}
	}
	output, err := exec.Command("debugfs", "-R", "cat "+foreignFile, h.disks.image(disk.VolumeID)).Output()
	if err != nil || string(output) != foreignContent {
		t.Errorf("the foreign disk holds %q, %v", output, err)
	}
	for range 2 { // it may be back already
		if err := h.Replug(context.Background(), "i-0a"); err != nil {
			t.Fatal(err)
		}
		if got := start(h.disks.image(disk.VolumeID), 8); got != "our data" {
			t.Errorf("the own disk holds %q", got)
		}
	}
	if h.disks.isSwapped(disk.VolumeID) {
		t.Error("another disk is still kept")
	}
}

func TestAnEmptiedVolumeKeepsNothingAside(t *testing.T) {
	h := aLab(t, Machine{ID: "i-0a", State: Stopped})
	disk := withDisk(t, h, "i-0a", "our data")
	if err := errors.Join(h.disks.setAside(disk), h.disks.empty(disk.VolumeID), h.disks.size(disk)); err != nil {
		t.Fatal(err)
	}
	if got := start(h.disks.image(disk.VolumeID), 8); h.disks.isSwapped(disk.VolumeID) || strings.Trim(got, "\x00") != "" {
		t.Fatalf("the volume holds %q", got)
	}
	h.disks.inUse[disk.VolumeID] = &attachment{loop: &loop{index: 3}, machine: "i-0b"}
	err := h.disks.empty(disk.VolumeID)
	if err == nil || err.Error() != `volume "vol-0a" is attached to "i-0b": its content can't be changed` {
		t.Fatalf("got %v", err)
	}
}

func TestUnpluggedDisksAreNotShownAndComeBack(t *testing.T) {
	h := aLab(t, Machine{ID: "i-0a", State: Stopped}, Machine{ID: "i-0b", State: Stopped})
	withDisk(t, h, "i-0a", "our data")
	if err := h.Unplug("i-0a"); err != nil {
		t.Fatal(err)
	}
	if got := h.disksOf(h.guests["i-0a"]); len(got) != 0 {
		t.Errorf("it has %v", got)
	}
	if err := h.Replug(context.Background(), "i-0a"); err != nil || len(h.disksOf(h.guests["i-0a"])) != 1 {
		t.Errorf("it has %v, %v", h.disksOf(h.guests["i-0a"]), err)
	}
	if err := h.Unplug("i-0b"); err == nil || err.Error() != `machine "i-0b" has no data disk` {
		t.Errorf("got %v", err)
	}
}

func TestTheDiskOfARunningMachineIsNotTakenOrFormattedAndOneThatIsOffIsNotFilled(t *testing.T) {
	h := aLab(t, Machine{ID: "i-0a", State: Stopped})
	withDisk(t, h, "i-0a", "our data")
	err := h.FillDisk(context.Background(), "i-0a", true)
	if err == nil || err.Error() != `machine "i-0a" is stopped, it must be running: start it first` {
		t.Errorf("got %v", err)
	}
	h.guests["i-0a"].container, h.guests["i-0a"].machine.State = &container{}, Running
	want := `machine "i-0a" is running, it must be off: cut it first`
	for _, err := range []error{h.Unplug("i-0a"), h.SwapDisk(context.Background(), "i-0a")} {
		if err == nil || err.Error() != want {
			t.Errorf("got %v", err)
		}
	}
}

func TestARenamedDiskHasTheSameSerialUnderAnotherNVMeName(t *testing.T) {
	see := devices{folder: t.TempDir()}
	if err := errors.Join(see.clear(), see.show([]Disk{{VolumeID: "vol-0ab", SizeGiB: 1}}, []*loop{{index: farLoop + 1}})); err != nil {
		t.Fatal(err)
	}
	rules, err := os.ReadFile(filepath.Join(see.udev(), "rules.d", "65-drover-lab-disks.rules"))
	if err != nil || !strings.Contains(string(rules), `KERNEL=="loop129", ENV{ID_SERIAL_SHORT}="vol0ab"`) ||
		!strings.Contains(string(rules), `Store_vol0ab nvme3n1"`) {
		t.Fatalf("got %s, %v", rules, err)
	}
}
