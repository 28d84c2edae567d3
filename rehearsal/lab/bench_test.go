package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"drover/rehearsal/lab/host"
	"drover/rehearsal/lab/world"
)

// bench is a lab that runs for a test, driven by its own program as a person would.
type bench struct {
	*testing.T
	program, workspace string
	world              *world.World
	keeper             *exec.Cmd
	// ended closes when the lab has ended, and then all of what it said is known.
	ended chan struct{}
	said  *bytes.Buffer
}

const (
	// the first lab of a machine makes the hosts' image, which is as slow as the packages come.
	startAtMost = 12 * time.Minute
	// far more than any command of a test needs.
	commandAtMost = 2 * time.Minute
)

// newBench skips where hosts can't run. The image is made once for all tests and kept: it takes a minute or two.
func newBench(t *testing.T) *bench {
	t.Helper()
	if testing.Short() {
		t.Skip("hosts take longer than a short test may")
	}
	if err := checkMachine(); err != nil {
		t.Skipf("no hosts on this machine: %v", err)
	}
	b := &bench{T: t, program: filepath.Join(t.TempDir(), "drover-lab"), workspace: t.TempDir()}
	if output, err := exec.Command("go", "build", "-o", b.program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	b.world = world.Open(filepath.Join(b.workspace, "world"))
	b.start()
	t.Cleanup(func() {
		b.command("down")
		b.awaitEnd()
		b.leavesNothing()
	})
	return b
}

// start runs the lab until it answers.
func (b *bench) start() {
	b.Helper()
	ready := filepath.Join(b.workspace, "ready")
	_ = os.Remove(ready) // one that a killed lab left
	b.said = &bytes.Buffer{}
	b.keeper = exec.Command(b.program, "run", "--workspace", b.workspace, "--ready-file", ready)
	b.keeper.Stdout, b.keeper.Stderr = b.said, b.said
	// a test that is killed takes its lab with it
	b.keeper.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	if err := b.keeper.Start(); err != nil {
		b.Fatal(err)
	}
	keeper, ended := b.keeper, make(chan struct{})
	b.ended = ended
	go func() {
		defer close(ended)
		_ = keeper.Wait() // what it said tells more than its code
	}()
	b.within(startAtMost, "the lab answers", func() bool {
		select {
		case <-ended:
			b.Fatalf("the lab ended before it answered\n%s%s", b.said, b.log())
		default:
		}
		_, err := os.Stat(ready)
		return err == nil
	})
}

func (b *bench) awaitEnd() {
	b.Helper()
	select {
	case <-b.ended:
	case <-time.After(90 * time.Second):
		b.Fatalf("the lab did not end: %s", b.said)
	}
}

// command runs the lab's program and answers what it printed.
func (b *bench) command(arguments ...string) string {
	b.Helper()
	out, err := b.try(arguments...)
	if err != nil {
		b.Fatalf("drover-lab %s: %v\n%s", strings.Join(arguments, " "), err, out)
	}
	return out
}

func (b *bench) try(arguments ...string) (string, error) {
	b.Helper()
	output, err := b.run(arguments...)
	if errors.Is(err, context.DeadlineExceeded) {
		b.Fatalf("drover-lab %s does not end\n%s\n%s", strings.Join(arguments, " "), b.log(), b.whereItStands())
	}
	return output, err
}

// run is for commands beside the test: it ends none.
func (b *bench) run(arguments ...string) (string, error) {
	arguments = append([]string{arguments[0], "--workspace", b.workspace}, arguments[1:]...)
	ctx, cancel := context.WithTimeout(context.Background(), commandAtMost)
	defer cancel()
	command := exec.CommandContext(ctx, b.program, arguments...)
	command.WaitDelay = time.Second
	output, err := command.CombinedOutput()
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return strings.TrimSpace(string(output)), err
}

// whereItStands has the lab say what each of its goroutines does, which ends it.
func (b *bench) whereItStands() string {
	_ = exec.Command("pkill", "-QUIT", "-f", b.program).Run()
	b.awaitEnd()
	return b.said.String()
}

// on runs a shell line in a machine.
func (b *bench) on(machine, line string) string {
	b.Helper()
	return b.command("exec", machine, "--", "sh", "-ec", line)
}

func (b *bench) machine(name string) host.Machine {
	b.Helper()
	var machines []host.Machine
	if err := json.Unmarshal([]byte(b.command("status", "--json")), &machines); err != nil {
		b.Fatal(err)
	}
	for _, machine := range machines {
		if machine.Name == name && machine.State != host.Terminated {
			return machine
		}
	}
	return host.Machine{}
}

// within waits for something and prints how long it took.
func (b *bench) within(bound time.Duration, what string, holds func() bool) {
	b.Helper()
	began := time.Now()
	for !holds() {
		if time.Since(began) > bound {
			b.Fatalf("not within %s: %s\n%s%s", bound, what, b.said, b.log())
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.Logf("%6.2f s  %s", time.Since(began).Seconds(), what)
}

func (b *bench) booted(machine string) func() bool {
	return func() bool {
		out, _ := b.try("exec", machine, "--", "systemctl", "is-system-running")
		return out == "running"
	}
}

// hasReported tells whether the machine's bootstrap report has reached its file.
func (b *bench) hasReported(machine string) bool {
	b.Helper()
	return strings.Contains(string(b.machine(machine).Bootstrap), `"ok"`)
}

func (b *bench) log() string {
	raw, _ := os.ReadFile(filepath.Join(b.workspace, "lab", "log", "lab.jsonl"))
	return lastBytes(raw, 4000)
}

func lastBytes(raw []byte, count int) string { return string(raw[max(0, len(raw)-count):]) }

// leavesNothing looks for what a lab must not leave on the machine.
func (b *bench) leavesNothing() {
	b.Helper()
	mounts, _ := os.ReadFile("/proc/self/mountinfo")
	if strings.Contains(string(mounts), b.workspace) {
		b.Errorf("a mount is left of %q", b.workspace)
	}
	backing, _ := filepath.Glob("/sys/block/loop*/loop/backing_file")
	for _, file := range backing {
		if image, _ := os.ReadFile(file); strings.Contains(string(image), b.workspace) {
			b.Errorf("%s is left of %s", file, image)
		}
	}
	processes, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, file := range processes {
		if line, _ := os.ReadFile(file); strings.Contains(string(line), b.workspace) {
			b.Errorf("process left: %s", strings.ReplaceAll(string(line), "\x00", " "))
		}
	}
}

// leavesNoGroups looks for control groups, which a lab that is killed leaves empty until the next one or "down".
func (b *bench) leavesNoGroups() {
	b.Helper()
	_ = filepath.WalkDir("/sys/fs/cgroup", func(path string, _ os.DirEntry, _ error) error {
		if filepath.Base(path) == groupName(filepath.Join(b.workspace, "lab")) {
			b.Errorf("%q is left", path)
		}
		return nil
	})
}

// put adds objects to the world.
func (b *bench) put(kind, id string, attrs map[string]any) {
	b.Helper()
	if err := b.world.Put(&world.Object{Type: kind, ID: id, Scope: "eu-west-1", Attrs: attrs}); err != nil {
		b.Fatal(err)
	}
}

func (b *bench) remove(kind, id string) {
	b.Helper()
	if err := b.world.Remove(&world.Object{Type: kind, ID: id, Scope: "eu-west-1"}); err != nil {
		b.Fatal(err)
	}
}

const userData = `#cloud-config
runcmd:
- [sh, -c, 'mkdir -p /var/lib/drover && echo "{\"result\": \"ok\"}" >/var/lib/drover/bootstrap.json']
`

// server puts a keyed server into the world: an instance with a network interface of its own.
func (b *bench) server(number int, instance string) {
	b.Helper()
	address := fmt.Sprintf("10.20.%d.10", 240+number)
	b.put("aws_network_interface", fmt.Sprintf("eni-%d", number), map[string]any{
		"private_ip": address, "subnet_id": fmt.Sprintf("subnet-%d", number),
	})
	b.put("aws_instance", instance, map[string]any{
		"private_ip": address, "subnet_id": fmt.Sprintf("subnet-%d", number), "region": "eu-west-1",
		"availability_zone": "eu-west-1a", "user_data": userData, "instance_type": "m7i.large",
		"tags_all":                  map[string]any{"Name": fmt.Sprintf("s%d", number)},
		"primary_network_interface": []any{map[string]any{"network_interface_id": fmt.Sprintf("eni-%d", number)}},
		"metadata_options":          []any{map[string]any{"http_put_response_hop_limit": 1}},
	})
}

// network puts two subnets and a volume in each.
func (b *bench) network() {
	b.Helper()
	b.put("aws_vpc", "vpc-1", map[string]any{"cidr_block": "10.20.0.0/16"})
	for number := 1; number <= 2; number++ {
		b.put("aws_subnet", fmt.Sprintf("subnet-%d", number), map[string]any{
			"cidr_block": fmt.Sprintf("10.20.%d.0/24", 240+number), "vpc_id": "vpc-1", "availability_zone": "eu-west-1a",
		})
		b.put("aws_ebs_volume", fmt.Sprintf("vol-0a%d", number), map[string]any{"size": 1})
	}
}

func (b *bench) attach(number int, instance string) {
	b.Helper()
	b.put("aws_volume_attachment", fmt.Sprintf("vai-%d-%s", number, instance), map[string]any{
		"device_name": "/dev/sdf", "volume_id": fmt.Sprintf("vol-0a%d", number), "instance_id": instance,
	})
}
