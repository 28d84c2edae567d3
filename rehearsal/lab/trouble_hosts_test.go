package main

import (
	"strings"
	"testing"
	"time"
)

func TestAMachineIsRebuiltWithItsDiskWithoutAPackageAndWithTroubleOnItsDisk(t *testing.T) {
	b := newBench(t)
	b.network()
	b.server(1, "i-0a1")
	b.attach(1, "i-0a1")
	b.within(120*time.Second, "the host ran its user data", func() bool { return b.hasReported("s1") })
	b.on("s1", "echo gone >/var/lib/proof && mkfs.xfs -q "+byID+" && mount "+byID+" /mnt && echo kept >/mnt/proof && umount /mnt")
	launched := b.machine("s1").Launched

	b.command("rebuild", "s1", "--without", "mkfs.xfs")
	if b.machine("s1").Launched.Equal(launched) {
		t.Error("the new machine was launched when the one before was")
	}
	b.within(120*time.Second, "the new machine ran its user data", func() bool { return b.hasReported("s1") })
	if got := b.on("s1", "test ! -e /var/lib/proof && mount "+byID+" /mnt && cat /mnt/proof && umount /mnt"); got != "kept" {
		t.Errorf("the disk holds %q", got)
	}

	if out, err := b.try("exec", "s1", "--", "sh", "-c", "command -v mkfs.xfs"); err == nil {
		t.Errorf("it has %q", out)
	}
	const install = "(apt-get update && apt-get install --yes xfsprogs) >/tmp/apt.log 2>&1 || { tail -n 3 /tmp/apt.log; exit 1; }"
	b.command("trouble", "mirror", "on")
	out, err := b.try("exec", "s1", "--", "sh", "-c", "apt-get update --error-on=any")
	if err == nil || !strings.Contains(out, "Connection refused") && !strings.Contains(out, "Could not connect") {
		t.Errorf("a mirror that is down says %q", out)
	}
	b.command("trouble", "mirror", "off")
	b.on("s1", install+"; command -v mkfs.xfs")

	if out, err := b.try("disk", "s1", "format"); err == nil || !strings.Contains(out, "it must be off: cut it first") {
		t.Errorf("the disk of a running machine: %q", out)
	}
	b.command("cut", "s1")
	b.command("disk", "s1", "format")
	b.command("disk", "s1", "rename")
	b.command("start", "s1")
	b.within(120*time.Second, "up with somebody's disk", b.booted("s1"))
	got := b.on("s1", "d=$(readlink -f "+byID+"); echo ${d%[0-9][0-9]} $(blkid -p -o value -s TYPE $d)")
	if got != "/dev/loop1 ext4" {
		t.Errorf("the disk is %q", got)
	}

	b.command("stop", "s1")
	b.command("disk", "s1", "back")
	b.command("disk", "s1", "missing")
	b.command("disk", "s1", "plain")
	b.command("rebuild", "s1")
	b.within(120*time.Second, "up without its disk", func() bool { return b.hasReported("s1") })
	if out, err := b.try("exec", "s1", "--", "test", "-e", byID); err == nil {
		t.Errorf("the disk is there: %s", out)
	}
	b.command("disk", "s1", "back")
	b.within(60*time.Second, "the disk is back", func() bool {
		_, err := b.try("exec", "s1", "--", "test", "-e", byID)
		return err == nil
	})
	b.on("s1", "mount "+byID+" /mnt")
	b.command("disk", "s1", "fill")
	if out, err := b.try("exec", "s1", "--", "sh", "-c", "head -c 1M /dev/zero >/mnt/more"); err == nil {
		t.Errorf("there is room on a full disk: %q", out)
	}
	b.command("disk", "s1", "free")
	if got := b.on("s1", "rm -f /mnt/more; cat /mnt/proof; ls -A /mnt | wc -l"); got != "kept\n1" {
		t.Errorf("the disk holds %q", got)
	}

	b.command("rebuild", "--wipe", "s1")
	b.within(120*time.Second, "up with an empty disk", func() bool { return b.hasReported("s1") })
	if out, err := b.try("exec", "s1", "--", "blkid", "--probe", byID); err == nil {
		t.Errorf("the disk holds %q", out)
	}

	b.command("lose", "s1")
	if out, err := b.try("start", "s1"); err == nil || !strings.Contains(out, "is lost: it never starts again") {
		t.Errorf("a lost machine says %q", out)
	}
}
