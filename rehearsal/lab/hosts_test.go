package main

import (
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"drover/rehearsal/lab/host"
)

const byID = "/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0a1"

func TestTwoHostsBootKeepTheirDisksThroughPowerCutsAndAReplacement(t *testing.T) {
	b := newBench(t)
	b.network()
	b.server(1, "i-0a1")
	b.attach(1, "i-0a1")
	b.server(2, "i-0b1")
	b.within(120*time.Second, "two hosts ran their user data", func() bool {
		return b.hasReported("s1") && b.hasReported("s2")
	})
	b.within(120*time.Second, "both are up", func() bool { return b.booted("s1")() && b.booted("s2")() })
	if got := b.on("s1", "cat /proc/sys/kernel/hostname; nproc >/dev/null; ping -c 1 -W 20 10.20.242.10 | grep -c 'bytes from'"); got != "ip-10-20-241-10\n1" {
		t.Errorf("s1 said %q", got)
	}
	// it once was that of whichever cable had the lowest: hosts lost the metadata when another machine came
	for _, name := range []string{"s1", "s2"} {
		got := b.on(name, `gw=$(ip route show default | awk '{ print $3 }'); ping -c 1 -W 20 "$gw" >/dev/null; ip neigh show "$gw"`)
		if !strings.Contains(got, " lladdr 02:00:00:00:00:01 ") {
			t.Errorf("%s knows the switch as %q", name, got)
		}
	}
	if _, err := b.try("exec", "s1", "--", "sh", "-c", "exit 7"); err == nil || err.(*exec.ExitError).ExitCode() != 7 {
		t.Errorf("a command's exit code became %v", err)
	}

	began := time.Now()
	if out, err := b.try("exec", "--deadline", "1", "s1", "--", "sleep", "1234"); err == nil || time.Since(began) > 60*time.Second {
		t.Errorf("a command that is late said %q, %v after %s", out, err, time.Since(began))
	}
	if _, err := b.try("exec", "s1", "--", "pgrep", "-x", "sleep"); err == nil {
		t.Error("a command outlives its deadline")
	}

	b.on("s1", "mkfs.xfs -q "+byID+" && mkdir /data && echo UUID=$(blkid -o value -s UUID "+byID+
		") /data xfs nofail 0 0 >>/etc/fstab && systemctl daemon-reload && mount /data && echo kept >/data/proof && sync")
	b.attach(2, "i-0b1")
	b.within(60*time.Second, "a volume that is attached later shows in the running host", func() bool {
		out, _ := b.try("exec", "s2", "--", "lsblk", "--nodeps", "--noheadings", "--output", "SERIAL")
		return out == "vol0a2"
	})

	b.command("pull", "s2")
	if _, err := b.try("exec", "s1", "--", "ping", "-c", "1", "-W", "1", "10.20.242.10"); err == nil {
		t.Error("s2 answers without its cable")
	}
	b.command("plug", "s2")
	b.within(60*time.Second, "the cable is in again", func() bool {
		_, err := b.try("exec", "s1", "--", "ping", "-c", "1", "-W", "1", "10.20.242.10")
		return err == nil
	})

	began = time.Now()
	b.command("cut", "s1")
	t.Logf("%6.2f s  power cut", time.Since(began).Seconds())
	if state := b.machine("s1").State; state != host.Stopped {
		t.Errorf("the state without power is %q", state)
	}
	b.command("start", "s1")
	b.within(120*time.Second, "up again after a power cut", b.booted("s1"))
	if got := b.on("s1", "cat /data/proof"); got != "kept" {
		t.Errorf("the disk holds %q", got)
	}
	before := b.on("s1", "ps -o lstart= -p 1")
	time.Sleep(time.Second) // the start is told in seconds
	b.command("reboot", "s1")
	b.within(120*time.Second, "up again after a reboot", func() bool {
		now, _ := b.try("exec", "s1", "--", "sh", "-ec", "systemctl is-system-running >/dev/null; ps -o lstart= -p 1")
		return now != before && strings.HasPrefix(now, before[:3]) && b.booted("s1")()
	})
	if got := b.on("s1", "cat /data/proof"); got != "kept" {
		t.Errorf("after the reboot the disk holds %q", got)
	}

	// what Terraform does when a keyed server is replaced: same interface, same volume, another machine
	b.remove("aws_volume_attachment", "vai-1-i-0a1")
	b.remove("aws_instance", "i-0a1")
	b.server(1, "i-0a2")
	b.attach(1, "i-0a2")
	b.within(120*time.Second, "the replacement ran its user data", func() bool {
		return b.machine("s1").ID == "i-0a2" && b.hasReported("s1")
	})
	if got := b.on("s1", "mount "+byID+" /mnt && cat /mnt/proof"); got != "kept" {
		t.Errorf("the replacement finds %q", got)
	}
}

func TestAKilledLabLeavesNothingAndResumesItsMachines(t *testing.T) {
	b := newBench(t)
	b.network()
	b.server(1, "i-0a1")
	b.attach(1, "i-0a1")
	b.within(120*time.Second, "the host ran its user data", func() bool { return b.hasReported("s1") })
	b.on("s1", "echo kept >/var/lib/proof && sync")
	if err := b.keeper.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	b.awaitEnd()
	b.within(60*time.Second, "nothing runs after the kill", func() bool {
		out, _ := exec.Command("pgrep", "-f", b.workspace).Output()
		return len(out) == 0
	})
	b.leavesNothing()

	b.start()
	b.within(120*time.Second, "the machine is on again", b.booted("s1"))
	if got := b.on("s1", "cat /var/lib/proof"); got != "kept" {
		t.Errorf("its root file system holds %q", got)
	}
	b.command("down")
	b.awaitEnd()
	b.leavesNothing()
	b.leavesNoGroups()
	b.start() // "down" of the end needs one
}
