package sshentry

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
)

// doorTo answers whoever asks for a place, and says which that was.
func doorTo(t *testing.T, answer string) (path string, asked <-chan string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "door.sock")
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	lines := make(chan string, 4)
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			line, _ := bufio.NewReader(connection).ReadString('\n')
			lines <- strings.TrimSpace(line)
			_, _ = io.WriteString(connection, answer)
			_ = connection.Close()
		}
	}()
	return path, lines
}

func bastion(t *testing.T, keys *Keys, door string) *ssh.Client {
	t.Helper()
	e, err := Start(keys, Real(door))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Stop)
	authority, _, _, _, err := ssh.ParseAuthorizedKey([]byte(e.HostKey))
	if err != nil {
		t.Fatal(err)
	}
	checker := &ssh.CertChecker{IsHostAuthority: func(key ssh.PublicKey, _ string) bool {
		return bytes.Equal(key.Marshal(), authority.Marshal())
	}}
	client, err := ssh.Dial("tcp", e.address(), &ssh.ClientConfig{
		User: "ops", Auth: []ssh.AuthMethod{withAgent(t, e.AgentSocket)}, HostKeyCallback: checker.CheckHostKey,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func TestBastionLeadsToRealHostsThroughTheLabsDoor(t *testing.T) {
	keys, err := KeysIn(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	door, asked := doorTo(t, "ok\nSSH-2.0-host\r\n")
	connection, err := bastion(t, keys, door).Dial("tcp", "10.40.0.11:2222")
	if err != nil {
		t.Fatal(err)
	}
	said, err := io.ReadAll(connection)
	if string(said) != "SSH-2.0-host\r\n" || err != nil {
		t.Errorf("got %q, %v", said, err)
	}
	if place := <-asked; place != "10.40.0.11:2222" {
		t.Errorf("asked for %q", place)
	}
}

func TestAHostThatIsNotThereEndsTheConnection(t *testing.T) {
	keys, err := KeysIn(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	refusing, _ := doorTo(t, "no host of the lab is at \"10.40.0.99:22\"\n")
	for _, door := range []string{refusing, filepath.Join(t.TempDir(), "none.sock")} {
		connection, err := bastion(t, keys, door).Dial("tcp", "10.40.0.99:22")
		if err != nil {
			t.Fatal(err)
		}
		if said, _ := io.ReadAll(connection); len(said) > 0 {
			t.Errorf("got %q", said)
		}
	}
}

func TestKeysStayFromOneCommandToTheNext(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "ssh")
	first, err := KeysIn(dir)
	if err != nil {
		t.Fatal(err)
	}
	second, err := KeysIn(dir)
	if err != nil || !first.login.Equal(second.login) || !first.authority.Equal(second.authority) {
		t.Errorf("other keys, %v", err)
	}
	info, err := os.Stat(filepath.Join(dir, loginFile))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}
