package sshentry

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// recorded are hosts that remember what was done to them; a command "exit 3" ends with that code.
type recorded struct {
	mutex sync.Mutex
	files map[string]string
	said  []string
}

func (r *recorded) Upload(host, name string, content []byte) error {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if name == "refused" {
		return fmt.Errorf("no space left on %s", host)
	}
	r.files[host+":"+name] = string(content)
	return nil
}

func (r *recorded) Run(host, command string) (string, int) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.said = append(r.said, host+": "+strings.TrimSpace(command))
	code := 0
	_, _ = fmt.Sscanf(command, "exit %d", &code)
	return "on " + host + "\n", code
}

func started(t *testing.T) (*Entry, *recorded) {
	t.Helper()
	hosts := &recorded{files: map[string]string{}}
	keys, err := NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	entry, err := Start(keys, Played(hosts))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(entry.Stop)
	return entry, hosts
}

func pinned(t *testing.T, key string) ssh.HostKeyCallback {
	t.Helper()
	public, _, _, _, err := ssh.ParseAuthorizedKey([]byte(key))
	if err != nil {
		t.Fatal(err)
	}
	return ssh.FixedHostKey(public)
}

func withAgent(t *testing.T, socket string) ssh.AuthMethod {
	t.Helper()
	connection, err := net.Dial("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	return ssh.PublicKeysCallback(agent.NewClient(connection).Signers)
}

func (e *Entry) address() string { return fmt.Sprintf("127.0.0.1:%d", e.Port) }

// through connects to a host by way of the bastion, with the keys that the entry gave.
func through(t *testing.T, e *Entry, host string) *ssh.Client {
	t.Helper()
	auth := []ssh.AuthMethod{withAgent(t, e.AgentSocket)}
	bastion, err := ssh.Dial("tcp", e.address(), &ssh.ClientConfig{User: "ops", Auth: auth, HostKeyCallback: pinned(t, e.HostKey)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = bastion.Close() })
	tunnel, err := bastion.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	connection, channels, requests, err := ssh.NewClientConn(tunnel, host, &ssh.ClientConfig{User: "drover", Auth: auth, HostKeyCallback: pinned(t, e.HostKey)})
	if err != nil {
		t.Fatal(err)
	}
	return ssh.NewClient(connection, channels, requests)
}

func TestClientReachesAnyHostThroughTheBastion(t *testing.T) {
	e, hosts := started(t)
	for _, host := range []string{"10.40.0.11", "10.40.0.12"} {
		session, err := through(t, e, host+":22").NewSession()
		if err != nil {
			t.Fatal(err)
		}
		output, err := session.Output("uname")
		if err != nil || string(output) != "on "+host+"\n" {
			t.Errorf("%s: %q, %v", host, output, err)
		}
	}
	if said := strings.Join(hosts.said, ", "); said != "10.40.0.11: uname, 10.40.0.12: uname" {
		t.Errorf("said %q", said)
	}
}

func TestClientLearnsHowACommandEnds(t *testing.T) {
	e, _ := started(t)
	session, err := through(t, e, "10.40.0.11:22").NewSession()
	if err != nil {
		t.Fatal(err)
	}
	if err := session.Run("exit 3"); err == nil || !strings.Contains(err.Error(), "status 3") {
		t.Errorf("got %v", err)
	}
}

func TestBastionIsNoHostAndAdmitsNoOtherKey(t *testing.T) {
	e, _ := started(t)
	bastion, err := ssh.Dial("tcp", e.address(), &ssh.ClientConfig{User: "ops", Auth: []ssh.AuthMethod{withAgent(t, e.AgentSocket)}, HostKeyCallback: pinned(t, e.HostKey)})
	if err != nil {
		t.Fatal(err)
	}
	defer bastion.Close()
	if _, err := bastion.NewSession(); err == nil || !strings.Contains(err.Error(), "it only connects further") {
		t.Errorf("a session on the bastion: %v", err)
	}
	others, err := NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := startAgent(others.login)
	if err != nil {
		t.Fatal(err)
	}
	defer stranger.stop()
	_, err = ssh.Dial("tcp", e.address(), &ssh.ClientConfig{User: "ops", Auth: []ssh.AuthMethod{withAgent(t, stranger.socket)}, HostKeyCallback: pinned(t, e.HostKey)})
	if err == nil || !strings.Contains(err.Error(), "unable to authenticate") {
		t.Errorf("another key: %v", err)
	}
}

func TestStopEndsConnectionsAndTakesTheAgentAway(t *testing.T) {
	e, _ := started(t)
	client := through(t, e, "10.40.0.11:22")
	e.Stop()
	if _, err := client.NewSession(); err == nil {
		t.Error("the connection goes on")
	}
	if _, err := os.Stat(filepath.Dir(e.AgentSocket)); !os.IsNotExist(err) {
		t.Errorf("the agent's folder: %v", err)
	}
	if _, err := net.Dial("tcp", e.address()); err == nil {
		t.Error("the port is open")
	}
}

// openSSH runs a real client with a configuration of its own; it is told nothing of this machine's.
func openSSH(t *testing.T, e *Entry, program string, arguments ...string) (string, error) {
	t.Helper()
	binary, err := exec.LookPath(program)
	if err != nil {
		t.Skipf("no %s on this machine: only the Go client was tried", program)
	}
	folder := t.TempDir()
	config := filepath.Join(folder, "config")
	known := filepath.Join(folder, "known_hosts")
	lines := fmt.Sprintf("[127.0.0.1]:%d %s\n10.40.0.11 %s\n", e.Port, e.HostKey, e.HostKey)
	settings := fmt.Sprintf("Host *\n UserKnownHostsFile %s\n StrictHostKeyChecking yes\n IdentityAgent %s\n BatchMode yes\n User ops\nHost 10.*\n ProxyCommand ssh -F %s -W %%h:%%p -p %d 127.0.0.1\n", known, e.AgentSocket, config, e.Port)
	for file, text := range map[string]string{known: lines, config: settings} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	output, err := exec.Command(binary, append([]string{"-F", config}, arguments...)...).CombinedOutput()
	return string(output), err
}

func TestOpenSSHRunsACommandOnAHost(t *testing.T) {
	e, _ := started(t)
	output, err := openSSH(t, e, "ssh", "10.40.0.11", "exit 4")
	if err == nil || err.Error() != "exit status 4" || output != "on 10.40.0.11\n" {
		t.Errorf("%q, %v", output, err)
	}
}

func TestOpenSSHCopiesFilesAndFolders(t *testing.T) {
	e, hosts := started(t)
	folder := t.TempDir()
	tree := filepath.Join(folder, "tree")
	if err := os.MkdirAll(filepath.Join(tree, "sub"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"a b.env": "A='1'\n", "tree/one": "", "tree/sub/two": strings.Repeat("x", 100_000), "refused": "x"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if output, err := openSSH(t, e, "scp", "-O", "-p", filepath.Join(folder, "a b.env"), "10.40.0.11:."); err != nil {
		t.Fatalf("%s: %v", output, err)
	}
	if output, err := openSSH(t, e, "scp", "-O", "-r", tree, "10.40.0.11:/tmp"); err != nil {
		t.Fatalf("%s: %v", output, err)
	}
	for name, size := range map[string]int{"a b.env": 6, "/tmp/tree/one": 0, "/tmp/tree/sub/two": 100_000} {
		if got, ok := hosts.files["10.40.0.11:"+name]; !ok || len(got) != size {
			t.Errorf("%s: %d bytes, there: %v", name, len(got), ok)
		}
	}
	output, err := openSSH(t, e, "scp", "-O", filepath.Join(folder, "refused"), "10.40.0.11:.")
	if err == nil || !strings.Contains(output, "no space left on 10.40.0.11") {
		t.Errorf("%q, %v", output, err)
	}
}

// pipe is a copy's both directions.
type pipe struct {
	io.Reader
	io.Writer
}

func TestCopyRefusesWhatIsNotItsProtocol(t *testing.T) {
	for sent, says := range map[string]string{
		"C0644 1 ../x\n":        `"../x" is not the name of a file`,
		"C0644 99999999999 x\n": "must be a number of bytes",
		"C0644 5 x\nabc":        "x broke off",
		"C0644 1 x\na\x01":      "could not read all of x",
		"E\n":                   "a folder ends that did not begin",
		"hello\n":               `"hello" is not a line of the copy protocol`,
		"C0644 1":               "the copy broke off",
	} {
		var answer strings.Builder
		sink := &scpSink{stream: pipe{strings.NewReader(sent), &answer}, store: func(string, []byte) error { return nil }}
		if err := sink.receive("."); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", sent, err)
		}
	}
}

func TestWordsAreAShellsWithoutExpansion(t *testing.T) {
	for command, want := range map[string]string{
		"scp -vt '.'":              "scp|-vt|.",
		`a  "b c" d\ e 'it''s' ""`: "a|b c|d e|its|",
		"\n":                       "",
	} {
		words, err := Words(command)
		if err != nil || strings.Join(words, "|") != want {
			t.Errorf("%q: %q, %v", command, words, err)
		}
	}
	if _, err := Words("it's"); err == nil {
		t.Error("an open quote was accepted")
	}
}
