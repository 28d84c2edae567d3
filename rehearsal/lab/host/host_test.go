package host

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// aLab holds machines that do not run, as an earlier run of a lab leaves them.
func aLab(t *testing.T, machines ...Machine) *Hosts {
	t.Helper()
	dir := t.TempDir()
	for _, machine := range machines {
		folder := filepath.Join(dir, "hosts", machine.ID)
		for _, one := range []string{folder, filepath.Join(dir, "machines")} {
			if err := os.MkdirAll(one, 0o700); err != nil {
				t.Fatal(err)
			}
		}
		if err := writeJSON(filepath.Join(folder, "spec.json"), Spec{ID: machine.ID}); err != nil {
			t.Fatal(err)
		}
		if err := writeJSON(filepath.Join(dir, "machines", machine.ID+".json"), machine); err != nil {
			t.Fatal(err)
		}
	}
	hosts, err := New(Config{Dir: dir, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return hosts
}

func TestOnlyTheHierarchiesThatSystemdLooksAtAreUsed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "mountinfo")
	err := os.WriteFile(file, []byte(`30 24 0:26 / /sys/fs/cgroup rw shared:9 - tmpfs tmpfs rw,mode=755
31 30 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
32 30 0:28 / /sys/fs/cgroup/systemd rw shared:10 - cgroup cgroup rw,xattr,name=systemd
33 30 0:29 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw,nsdelegate
`), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	got, err := hierarchies(file)
	if want := []string{"/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified"}; err != nil || !slices.Equal(got, want) {
		t.Fatalf("got %q, %v", got, err)
	}
}

func TestAHostIsShownItsOwnDisksUnderTheirNamesOnEC2(t *testing.T) {
	see := devices{folder: t.TempDir()}
	if err := see.clear(); err != nil {
		t.Fatal(err)
	}
	disks, loops := []Disk{{VolumeID: "vol-0ab", SizeGiB: 1}}, []*loop{{index: 7}}
	for range 2 { // the second time stands for a disk that comes later
		if err := see.show(disks, loops); err != nil {
			t.Fatal(err)
		}
	}
	rules, err := os.ReadFile(filepath.Join(see.udev(), "rules.d", "65-drover-lab-disks.rules"))
	want := `SUBSYSTEM=="block", KERNEL=="loop7", ENV{ID_SERIAL_SHORT}="vol0ab", ENV{ID_MODEL}="Amazon Elastic Block Store", ` +
		`ENV{ID_SERIAL}="Amazon_Elastic_Block_Store_vol0ab", ` +
		`SYMLINK+="disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0ab nvme1n1"` + "\n"
	if err != nil || string(rules) != want {
		t.Fatalf("got %s, %v", rules, err)
	}
	if to, err := os.Readlink(filepath.Join(see.class(), "loop7")); to != "../../devices/virtual/block/loop7" {
		t.Fatalf("leads to %q, %v", to, err)
	}
	if _, err := os.Stat(filepath.Join(see.udev(), "control")); err != nil {
		t.Fatal(err)
	}
}

func TestAVolumeGrowsAndNeverShrinksAndGoesWithItsObject(t *testing.T) {
	d := newDisks(t.TempDir())
	for _, step := range []struct{ asked, want int }{{1, 1}, {2, 2}, {1, 2}} {
		if err := d.size(Disk{VolumeID: "vol-1", SizeGiB: step.asked}); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(d.image("vol-1")); err != nil || info.Size() != int64(step.want)*gibibyte {
			t.Fatalf("size is %v, %v", info, err)
		}
	}
	if err := d.keep(func(volume string) bool { return volume == "vol-1" }); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(d.image("vol-1")); err != nil {
		t.Fatal(err)
	}
	if err := d.keep(func(string) bool { return false }); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(d.image("vol-1")); !os.IsNotExist(err) {
		t.Fatalf("the image stays: %v", err)
	}
	_, err := d.attach(Disk{VolumeID: "../etc", SizeGiB: 1}, "i-1", 0)
	want := `volume "../etc" of 1 GiB can't be attached: an identifier is like "vol-0123abc", a size is 1 or more`
	if err == nil || err.Error() != want {
		t.Fatalf("got %v", err)
	}
}

func TestAMachineIsFoundByItsNameUnlessThatIsTwoMachines(t *testing.T) {
	hosts := aLab(t, Machine{ID: "i-0a", Name: "s1", State: Terminated}, Machine{ID: "i-0b", Name: "s1", State: Running},
		Machine{ID: "i-0c", Name: "s2", State: Running}, Machine{ID: "i-0d", Name: "s2", State: Running})
	if id, err := hosts.Resolve("s1"); id != "i-0b" || err != nil {
		t.Fatalf("got %q, %v", id, err)
	}
	for name, want := range map[string]string{
		"s3": `machine "s3" is unknown: give the identifier or the name of one that "status" shows`,
		"s2": `machine "s2" is one of i-0c, i-0d: give the whole identifier`,
	} {
		if _, err := hosts.Resolve(name); err == nil || err.Error() != want {
			t.Errorf("got %v", err)
		}
	}
}

func TestWhatIsNotedOfAMachineIsInItsFile(t *testing.T) {
	hosts := aLab(t, Machine{ID: "i-0a", Name: "s1", State: Running, Tags: map[string]string{"a": "1"}})
	if err := hosts.SetTags("i-0a", map[string]string{"drover:bootstrap": "ok", "Name": "renamed"}); err != nil {
		t.Fatal(err)
	}
	if err := hosts.SetLifecycle("i-0a", "InService"); err != nil {
		t.Fatal(err)
	}
	hosts.Notice("i-0a", Notice{Action: "terminate"})
	var got Machine
	if err := readJSON(filepath.Join(hosts.Dir, "machines", "i-0a.json"), &got); err != nil {
		t.Fatal(err)
	}
	if got.Name != "renamed" || got.Tags["a"] != "1" || got.Tags["drover:bootstrap"] != "ok" ||
		got.Lifecycle != "InService" || got.Notice == nil || got.Notice.Action != "terminate" {
		t.Fatalf("got %+v", got)
	}
	// it ran when the lab ended, so it is to run again, and until then nothing can be done in it
	_, err := hosts.Output(context.Background(), "i-0a", "true")
	if err == nil || err.Error() != `machine "i-0a" is pending, it must be running: start it first` {
		t.Fatalf("got %v", err)
	}
}

func TestAReportIsNotReadThroughALinkOutOfTheHost(t *testing.T) {
	hosts := aLab(t, Machine{ID: "i-0a", State: Running})
	folder := filepath.Join(hosts.folder("i-0a"), "upper", "var", "lib", "drover")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/etc/hostname", filepath.Join(folder, "bootstrap.json")); err != nil {
		t.Fatal(err)
	}
	if raw, err := hosts.report("i-0a"); err == nil {
		t.Fatalf("read %q", raw)
	}
}

func TestAForgottenLabsMachinesAreTerminated(t *testing.T) {
	hosts := aLab(t, Machine{ID: "i-0a", State: Running})
	if err := Forget(hosts.Dir); err != nil {
		t.Fatal(err)
	}
	var got Machine
	if err := readJSON(filepath.Join(hosts.Dir, "machines", "i-0a.json"), &got); err != nil || got.State != Terminated {
		t.Fatalf("got %+v, %v", got, err)
	}
	if _, err := os.Stat(filepath.Join(hosts.Dir, "hosts")); !os.IsNotExist(err) {
		t.Fatalf("root file systems stay: %v", err)
	}
}

func TestAPathIsEscapedForAnOverlaysOptions(t *testing.T) {
	if got := escaped(`/a,b:c\d`, `\:,`); got != `/a\,b\:c\\d` {
		t.Fatalf("got %s", got)
	}
}

func TestEnterNamesTheControlGroupThatRefusesIt(t *testing.T) {
	err := Enter([]string{"/nonexistent/cgroup.procs", "--", "true"})
	if err == nil || !strings.HasPrefix(err.Error(), "control group: open /nonexistent") {
		t.Fatalf("got %v", err)
	}
	if err := Enter([]string{"--"}); err == nil || err.Error() != "usage: enter FILE... -- PROGRAM [ARGUMENT]..." {
		t.Fatalf("got %v", err)
	}
}

// The metadata service asks for the machines: a first boot once gave up while a busy disk held one file up.
func TestWhoAsksForTheMachinesDoesNotWaitForAFile(t *testing.T) {
	hosts := aLab(t, Machine{ID: "i-0a", State: Running})
	g := hosts.guests["i-0a"]
	g.file.Lock()
	written := make(chan error, 1)
	go func() { written <- hosts.SetLifecycle("i-0a", "InService") }()
	told := make(chan struct{})
	go func() {
		defer close(told)
		for hosts.Machines()[0].Lifecycle != "InService" {
			runtime.Gosched()
		}
	}()
	select {
	case <-told:
	case <-time.After(30 * time.Second):
		t.Error("the machines are not told while a file is written")
	}
	g.file.Unlock()
	if err := <-written; err != nil {
		t.Fatal(err)
	}
}
