package main

import (
	"archive/tar"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Storage nodes g1 to g3 and clients c1 and c2, by the number of their subnet.
var (
	brickHosts = map[string]int{"g1": 1, "g2": 2, "g3": 3}
	clients    = map[string]int{"c1": 4, "c2": 5}
)

const (
	peers       = "10.20.241.10 10.20.242.10 10.20.243.10"
	firewall    = "FIREWALL_RULES='tcp:24007:10.20.0.0/16 tcp:49152-60999:10.20.0.0/16'\nFIREWALL_SSH_FROM='10.20.0.0/16'\n"
	healReport  = "/opt/drover/bundle/units/gluster-heal.sh >/dev/null 2>&1 || :; cat /var/lib/drover/gluster-heal.json"
	unpack      = "mkdir -p /opt/drover/bundle /etc/drover && tar -x -C /opt/drover/bundle"
	kubeletUnit = "[Service]\nExecStart=/bin/sleep infinity\nTimeoutStartSec=0\nRestart=always\nRestartSec=1\n[Install]\nWantedBy=multi-user.target\n"
	// what a client writes, a line every 50 ms, with the time that the slowest took, in ms, and the failures
	writer = `touch /run/writes; failed=0 slowest=0
while [ -e /run/writes ]; do
	began=$(date +%s%3N)
	(echo "$began" >>/mnt/gluster/lines) 2>/dev/null || failed=$((failed + 1))
	took=$(($(date +%s%3N) - began)); [ "$took" -le "$slowest" ] || slowest=$took
	sleep 0.05
done
echo "$failed $slowest" >/run/written`
)

// storage makes three machines with a disk, and two without, and brings the bundle to all.
func (b *bench) storage() {
	b.Helper()
	b.put("aws_vpc", "vpc-1", map[string]any{"cidr_block": "10.20.0.0/16"})
	all := map[string]int{}
	for _, names := range []map[string]int{brickHosts, clients} {
		for name, number := range names {
			all[name] = number
			b.put("aws_subnet", fmt.Sprintf("subnet-%d", number), map[string]any{
				"cidr_block": fmt.Sprintf("10.20.%d.0/24", 240+number), "vpc_id": "vpc-1", "availability_zone": "eu-west-1a",
			})
			b.named(name, number)
		}
	}
	for name, number := range brickHosts {
		b.put("aws_ebs_volume", fmt.Sprintf("vol-0a%d", number), map[string]any{"size": 1})
		b.attach(number, "i-"+name)
	}
	b.within(180*time.Second, "five hosts are up", func() bool {
		for name := range all {
			if !b.hasReported(name) || !b.booted(name)() {
				return false
			}
		}
		return true
	})
	bundle := b.bundle()
	b.atOnce(all, func(name string) error {
		return b.fed(bundle, name, unpack)
	})
}

// named is a server of a name of its own.
func (b *bench) named(name string, number int) {
	b.Helper()
	id := "i-" + name
	b.server(number, id)
	object, err := b.world.Find("aws_instance", id)
	if err != nil || object == nil {
		b.Fatalf("instance %q: %v", id, err)
	}
	object.Attrs["tags_all"] = map[string]any{"Name": name}
	if err := b.world.Put(object); err != nil {
		b.Fatal(err)
	}
}

// bundle packs the scripts as they are brought to machines.
func (b *bench) bundle() string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "bundle.tar")
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	archive := tar.NewWriter(file)
	if err := archive.AddFS(os.DirFS("../../userdata")); err != nil {
		b.Fatal(err)
	}
	if err := archive.Close(); err != nil {
		b.Fatal(err)
	}
	return path
}

// fed runs a shell line in a machine with a file as its input.
func (b *bench) fed(file, machine, line string) error {
	input, err := os.Open(file)
	if err != nil {
		return err
	}
	defer input.Close()
	command := exec.Command(b.program, "exec", "--workspace", b.workspace, machine, "--", "sh", "-ec", line)
	command.Stdin = input
	output, err := command.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", machine, err, lastBytes(output, 3000))
	}
	for _, line := range strings.Split(string(output), "\n") {
		if _, step, found := strings.Cut(line, " step "); found && strings.Contains(step, " ok after ") {
			b.Logf("          %s: %s", machine, step)
		}
	}
	return nil
}

func (b *bench) bootstrap(name, more string) {
	b.Helper()
	if err := b.tryBootstrap(name, more); err != nil {
		b.Fatal(err)
	}
}

// tryBootstrap runs the steps of a storage node, or of a client's mount.
func (b *bench) tryBootstrap(name, more string) error {
	settings := fmt.Sprintf("DROVER_CLOUD='metal'\nDROVER_ENV='lab'\nDROVER_CLUSTER='shop'\nDROVER_NODE='%s'\nGLUSTER_VOLUME='shared'\n", name)
	if number := brickHosts[name]; number > 0 {
		settings += fmt.Sprintf("STEPS='10-host 14-firewall 25-gluster-server 75-gluster-heal'\nDROVER_ROLE='storage'\n"+
			"GLUSTER_BRICKS='b1=vol-0a%d'\nGLUSTER_PEERS='%s'\nGLUSTER_SELF='10.20.%d.10'\n", number, peers, 240+number) + firewall
	} else {
		settings += "STEPS='45-gluster-client'\nDROVER_ROLE='worker'\nGLUSTER_SERVERS='" + peers + "'\n"
	}
	file := filepath.Join(b.workspace, name+".env")
	if err := os.WriteFile(file, []byte(settings+more), 0o600); err != nil {
		return err
	}
	return b.fed(file, name, "cat >/etc/drover/bootstrap.env; bash /opt/drover/bundle/run.sh 2>&1")
}

func (b *bench) mountOnClients() {
	b.Helper()
	began := time.Now()
	b.atOnce(clients, func(name string) error { return b.tryBootstrap(name, "") })
	b.Logf("%6.2f s  two clients have the volume", time.Since(began).Seconds())
}

// atOnce does something for each machine at the same time.
func (b *bench) atOnce(machines map[string]int, do func(name string) error) {
	b.Helper()
	failed := make(chan error, len(machines))
	for name := range machines {
		go func() { failed <- do(name) }()
	}
	for range machines {
		if err := <-failed; err != nil {
			b.Error(err)
		}
	}
	if b.Failed() {
		b.FailNow()
	}
}

// copies are the checksums of a file in each brick.
func (b *bench) copies(file string) map[string]string {
	b.Helper()
	out := map[string]string{}
	for name := range brickHosts {
		out[name] = b.on(name, "sha256sum </srv/gluster/b1/brick/"+file)
	}
	return out
}
