package cloud

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"drover/rehearsal/lab/cloud/awsapi"
	"drover/rehearsal/lab/host"
	"drover/rehearsal/lab/world"
)

const (
	serverID, serverAddress = "i-1f5a0000000000001", "127.0.7.1"
	workerID, workerAddress = "i-1f5a0000000000002", "127.0.7.2"
	workers                 = "drover-dev-shop-workers"
	bundleVersion           = "44617af937e8d9fc478e05efaac841ca"
	bundleURL               = "https://drover-dev-eu-bundle-4fe83d.s3.eu-west-1.amazonaws.com/bootstrap.tar?versionId=" + bundleVersion
	siteKey                 = "c068701c-bf9d-4aec-ae24-c3028b861ccf"
	// a command of a test may take this long on a busy machine.
	commandDeadline = 60 * time.Second
)

// lab is a cloud on the loopback, with one management server and one worker of the example's world.
type lab struct {
	*Cloud
	*fleet
	world *world.World
	dir   string
	log   *journal
}

func start(t *testing.T) *lab {
	t.Helper()
	dir := t.TempDir()
	l := &lab{dir: dir, world: world.Open(filepath.Join(dir, "world")), log: &journal{}}
	l.fleet = newFleet(t, dir)
	loadWorld(t, l.world, dir)
	loopback := netip.MustParseAddrPort("127.0.0.1:0")
	ctx, cancel := context.WithCancel(context.Background())
	cloud, err := Start(ctx, Config{
		Workspace: dir, World: l.world, Fleet: l.fleet, Lifecycle: l.fleet, ArtifactDir: filepath.Join(dir, "artifacts"),
		MetadataAddr: loopback, EndpointAddr: loopback, DNSAddr: loopback, Log: slog.New(slog.NewJSONHandler(l.log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	l.Cloud = cloud
	t.Cleanup(func() { cancel(); cloud.Wait() })
	return l
}

var bundle = []byte("the bytes of a bundle\n")

// loadWorld makes the objects of testdata/world.json, which are the program's own, cut to what is read.
func loadWorld(t *testing.T, w *world.World, dir string) {
	t.Helper()
	raw, err := os.ReadFile("testdata/world.json")
	must(t, err)
	var all []*world.Object
	must(t, json.Unmarshal(raw, &all))
	for _, object := range all {
		if object.Type == "aws_s3_object" {
			sum := sha256.Sum256(bundle)
			object.Attrs["source_hash"] = hex.EncodeToString(sum[:])
			path := filepath.Join(dir, "cdktf.out/stacks/dev-eu-network", world.Text(object, "source"))
			must(t, os.MkdirAll(filepath.Dir(path), 0o755))
			must(t, os.WriteFile(path, bundle, 0o644))
		}
		must(t, w.Create(object))
	}
}

// fleet remembers what it is told.
type fleet struct {
	mutex    sync.Mutex
	machines []host.Machine
	told     []string
	answer   error
	// looks counts how often somebody has asked for the machines.
	looks int
}

func newFleet(t *testing.T, dir string) *fleet {
	t.Helper()
	userData := filepath.Join(dir, "user-data")
	must(t, os.WriteFile(userData, []byte("#cloud-config\n{\"a\":1}\n"), 0o600))
	return &fleet{machines: []host.Machine{
		{
			ID: serverID, Address: serverAddress, Zone: "eu-west-1a", Region: "eu-west-1", Subnet: "subnet-93bb254977015d2d6",
			State: host.Running, Profile: "drover-dev-management-servers", HopLimit: 1, UserData: userData,
			Tags: map[string]string{"drover:env": "dev", "drover:cluster": "management"},
		},
		{
			ID: workerID, Address: workerAddress, Zone: "eu-west-1a", Region: "eu-west-1", Group: workers, HopLimit: 1,
			State: host.Running, Profile: workers, Lifecycle: "Pending:Wait", Subnet: "subnet-93bb254977015d2d6",
			Tags: map[string]string{"drover:env": "dev", "drover:cluster": "shop"},
		},
	}}
}

func (f *fleet) Launch(context.Context, host.Spec) error { return nil }
func (f *fleet) Terminate(context.Context, string) error { return nil }
func (f *fleet) SetLifecycle(id, state string) error     { return nil }
func (f *fleet) Notice(id string, n host.Notice) {
	f.change(id, func(m *host.Machine) { m.Notice = &n })
}
func (f *fleet) Heartbeat(group, hook, instance string) error {
	return f.tell("heartbeat", group, hook, instance)
}
func (f *fleet) SetInstanceHealth(instance, status string) error {
	return f.tell("health", instance, status)
}

func (f *fleet) Complete(group, hook, instance, result string) error {
	return f.tell("complete", group, hook, instance, result)
}

func (f *fleet) SetTags(id string, tags map[string]string) error {
	f.change(id, func(m *host.Machine) {
		for name, value := range tags {
			m.Tags[name] = value
		}
	})
	return nil
}

func (f *fleet) Machines() []host.Machine {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.looks++
	return slices.Clone(f.machines)
}

func (f *fleet) looked() int {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return f.looks
}

func (f *fleet) change(id string, by func(*host.Machine)) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	for index := range f.machines {
		if f.machines[index].ID == id {
			by(&f.machines[index])
		}
	}
}

func (f *fleet) tell(words ...string) error {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.told = append(f.told, strings.Join(words, " "))
	return f.answer
}

var _ awsapi.HealthSetter = (*fleet)(nil)

// journal keeps the log's lines.
type journal struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (j *journal) Write(raw []byte) (int, error) {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	return j.text.Write(raw)
}

func (j *journal) String() string {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	return j.text.String()
}

// shell runs a script with the unchanged functions of userdata/lib/aws.sh as the machine at an address: curl alone is
// told where the addresses of the cloud are.
func (l *lab) shell(t *testing.T, address, script string, environment ...string) (stdout, stderr string, code int) {
	t.Helper()
	userdata, err := filepath.Abs("../../../userdata")
	must(t, err)
	preamble := fmt.Sprintf(". %q/lib.sh\n. \"${LIB_DIR}/aws.sh\"\n", userdata)
	return l.run(t, address, "bash", []string{"-c", preamble + script}, environment...)
}

func (l *lab) run(t *testing.T, address, program string, arguments []string, environment ...string) (string, string, int) {
	t.Helper()
	home := t.TempDir()
	settings := fmt.Sprintf("interface = %q\nconnect-to = \"169.254.169.254:80:%s\"\nconnect-to = \":443:%s\"\ncacert = %q\n",
		address, l.MetadataAddr, l.EndpointAddr, l.Authority.Path())
	must(t, os.WriteFile(filepath.Join(home, ".curlrc"), []byte(settings), 0o600))
	ctx, cancel := context.WithTimeout(context.Background(), commandDeadline)
	defer cancel()
	command := exec.CommandContext(ctx, program, arguments...)
	command.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "CURL_HOME=" + home, "REGION=eu-west-1"}, environment...)
	var out, problems bytes.Buffer
	command.Stdout, command.Stderr = &out, &problems
	if err := command.Run(); err != nil && command.ProcessState == nil {
		t.Fatal(err)
	}
	return out.String(), problems.String(), command.ProcessState.ExitCode()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: got %q, want %q", what, fmt.Sprint(got), fmt.Sprint(want))
	}
}

func contains(t *testing.T, what, got string, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		if !strings.Contains(got, want) {
			t.Errorf("%s: %q lacks %q", what, got, want)
		}
	}
}
