package main

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestFilesOfThreeBrickHostsOutliveThePowerCutOfEach(t *testing.T) {
	b := newBench(t)
	b.storage()

	began := time.Now()
	for _, name := range []string{"g2", "g3", "g1"} { // one after the other, as hosts are reached by SSH: the first one last
		b.bootstrap(name, "GLUSTER_FIRST_COMES_LAST='true'\n")
	}
	t.Logf("%6.2f s  three brick hosts, one after the other", time.Since(began).Seconds())
	b.mountOnClients()
	b.on("c1", "echo kept >/mnt/gluster/proof")
	if got := b.on("c2", "cat /mnt/gluster/proof"); got != "kept" {
		t.Errorf("c2 reads %q", got)
	}

	for _, name := range []string{"g2", "g1"} { // g1 is the one that clients mount from
		b.outlives(name, "cut", "start")
	}
	b.outlives("g3", "pull", "plug") // nobody says that the connections are gone
	b.waitsAtTheGate()

	began = time.Now()
	for _, name := range []string{"g2", "g3", "g1"} { // brought again, nothing is made anew
		b.bootstrap(name, "GLUSTER_FIRST_COMES_LAST='true'\n")
	}
	t.Logf("%6.2f s  brought to all three again", time.Since(began).Seconds())
	b.comesBackOnAnotherMachine("g3")
	b.leaves("g3")
}

func TestBrickHostsThatStartAtOnceFindEachOther(t *testing.T) {
	b := newBench(t)
	b.storage()
	began := time.Now()
	b.atOnce(brickHosts, func(name string) error { return b.tryBootstrap(name, "GLUSTER_ARBITER='true'\n") })
	t.Logf("%6.2f s  three brick hosts at once, one of them an arbiter", time.Since(began).Seconds())
	b.mountOnClients()
	b.on("c1", "head -c 1M /dev/urandom >/mnt/gluster/blob")
	sizes := []string{}
	for _, name := range []string{"g1", "g2", "g3"} {
		sizes = append(sizes, b.on(name, "stat -c %s /srv/gluster/b1/brick/blob"))
	}
	if got := strings.Join(sizes, " "); got != "1048576 1048576 0" {
		t.Errorf("the bricks hold %q bytes", got)
	}
}

// outlives takes a brick host away while a client writes, and waits for its copy to be complete after its return.
func (b *bench) outlives(name, away, back string) {
	b.Helper()
	b.on("c1", "systemd-run --quiet --unit=writer-"+name+" sh -c '"+writer+"'")
	time.Sleep(time.Second)
	b.command(away, name)
	file := "/mnt/gluster/without-" + name
	began := time.Now()
	b.on("c1", "echo written >"+file)
	if got := b.on("c2", "cat /mnt/gluster/proof "+file); got != "kept\nwritten" {
		b.Errorf("without %s c2 reads %q", name, got)
	}
	b.Logf("%6.2f s  a file is written and read without %s (%s)", time.Since(began).Seconds(), name, away)
	time.Sleep(2 * time.Second)
	b.on("c1", "rm /run/writes")
	b.within(120*time.Second, "the writes end", func() bool {
		_, err := b.try("exec", "c1", "--", "test", "-e", "/run/written")
		return err == nil
	})
	written := strings.Fields(b.on("c1", "cat /run/written; rm /run/written"))
	b.Logf("          %s writes failed, the slowest took %s ms", written[0], written[1])
	if slowest, err := strconv.Atoi(written[1]); written[0] != "0" || err != nil || slowest > 20_000 {
		b.Errorf("writes while %s went: %q", name, written)
	}

	other := "g3"
	if name == other {
		other = "g2"
	}
	if got := b.on(other, healReport); !strings.Contains(got, `"result": "brick-away"`) {
		b.Errorf("%s says of the cut one %q", other, got)
	}
	b.command(back, name)
	b.within(120*time.Second, name+" is up again", b.booted(name))
	b.within(180*time.Second, "its copy is complete", func() bool {
		out, _ := b.try("exec", other, "--", "sh", "-c", healReport)
		return strings.Contains(out, `"result": "healthy"`)
	})
	if got := b.on(name, "cat /srv/gluster/b1/brick/without-"+name); got != "written" {
		b.Errorf("%s holds %q", name, got)
	}
	if sums := b.copies("lines"); sums["g1"] != sums["g2"] || sums["g1"] != sums["g3"] {
		b.Errorf("the copies differ: %v", sums)
	}
}

// waitsAtTheGate boots a client without a majority of bricks: what stands for its kubelet starts with the volume alone.
func (b *bench) waitsAtTheGate() {
	b.Helper()
	b.on("c2", "printf '"+strings.ReplaceAll(kubeletUnit, "\n", `\n`)+
		"' >/etc/systemd/system/rke2-agent.service; systemctl daemon-reload; systemctl enable --now --quiet rke2-agent")
	active := func() bool {
		_, err := b.try("exec", "c2", "--", "systemctl", "is-active", "--quiet", "rke2-agent")
		return err == nil
	}
	b.within(60*time.Second, "the kubelet's unit starts where the volume is mounted", active)
	b.command("cut", "c2")
	for name := range brickHosts {
		b.command("cut", name)
	}
	b.command("start", "c2")
	b.within(120*time.Second, "the gate waits for the volume", func() bool {
		out, _ := b.try("exec", "c2", "--", "systemctl", "show", "--property", "SubState", "--value", "rke2-agent")
		return out == "start-pre"
	})
	if out, err := b.try("exec", "c2", "--", "sh", "-c", "echo beside >/mnt/gluster/beside"); err == nil {
		b.Errorf("a file is written beside the volume: %q", out)
	}
	time.Sleep(5 * time.Second)
	if active() {
		b.Error("the kubelet's unit started without the volume")
	}
	for name := range brickHosts {
		b.command("start", name)
	}
	b.within(120*time.Second, "the kubelet's unit starts once the bricks are back", active)
	if got := b.on("c2", "cat /mnt/gluster/proof"); got != "kept" {
		b.Errorf("after its boot c2 reads %q", got)
	}
}

// comesBackOnAnotherMachine puts a brick's disk into a new machine of the same name and address.
func (b *bench) comesBackOnAnotherMachine(name string) {
	b.Helper()
	b.command("rebuild", name)
	b.within(120*time.Second, "another machine is up", func() bool { return b.hasReported(name) && b.booted(name)() })
	if err := b.fed(b.bundle(), name, unpack); err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	b.bootstrap(name, "GLUSTER_FIRST_COMES_LAST='true'\n")
	b.Logf("%6.2f s  it is the same storage node", time.Since(began).Seconds())
	if got := b.on(name, "cat /srv/gluster/b1/brick/proof"); got != "kept" {
		b.Errorf("%s holds %q", name, got)
	}
}

// leaves takes a brick host out as its membership's end does, and looks at what it leaves.
func (b *bench) leaves(name string) {
	b.Helper()
	began := time.Now()
	b.on(name, "/opt/drover/bundle/leave-cluster.sh >/tmp/leave.log 2>&1 || { cat /tmp/leave.log; exit 1; }")
	b.Logf("%6.2f s  %s left", time.Since(began).Seconds(), name)
	got := b.on(name, "pgrep -c gluster || :; grep -c gluster /etc/fstab /proc/self/mounts || :; ls -d /etc/drover /var/lib/glusterd/glusterd.info 2>&1 || :")
	if !strings.HasPrefix(got, "0\n/etc/fstab:0\n/proc/self/mounts:0\n") || strings.Count(got, "No such file") != 2 {
		b.Errorf("%s has left %q", name, got)
	}
	disk := fmt.Sprintf("/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0a%d", brickHosts[name])
	if got := b.on(name, "mount "+disk+" /mnt; cat /mnt/left/shop-*/brick/proof; test ! -e /mnt/brick; umount /mnt"); got != "kept" {
		b.Errorf("the disk of %s holds %q", name, got)
	}
}
