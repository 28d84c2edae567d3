package host

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"drover/rehearsal/lab/login"
)

// Bare is what only a machine of a data centre has: it was installed before, is reached by SSH, and no cloud tells it who
// it is.
type Bare struct {
	// Login may become root without a password.
	Login string `json:"login"`
	// Port of SSH.
	Port int `json:"port"`
}

const (
	sshDial   = 500 * time.Millisecond
	loginID   = 1000
	shadowID  = 42 // Debian's group of that name
	hostKey   = "etc/ssh/ssh_host_ed25519_key"
	sshdUnit  = "/lib/systemd/system/ssh.service"
	wantsSSHD = "etc/systemd/system/multi-user.target.wants/ssh.service"
)

// ofHost is a file that one host has; nobody but root reads it unless its mode says so.
type ofHost struct {
	path, content string
	mode          os.FileMode
	owner, group  int
}

// bareFiles are those of a machine that somebody has installed and that is reached by SSH.
func (r root) bareFiles(spec Spec, keys *login.Keys) ([]ofHost, error) {
	key, err := keys.Host(spec.Address, spec.Name)
	if err != nil {
		return nil, err
	}
	user, home := spec.Bare.Login, "home/"+spec.Bare.Login
	files := []ofHost{
		{path: "etc/hostname", content: spec.Name + "\n", mode: 0o644},
		{path: "etc/hosts", content: "127.0.0.1 localhost\n127.0.1.1 " + spec.Name + "\n::1 localhost ip6-localhost ip6-loopback\n", mode: 0o644},
		{path: "etc/resolv.conf", content: "nameserver 169.254.169.253\noptions timeout:2 attempts:3\n", mode: 0o644},
		{path: "etc/cloud/cloud-init.disabled", mode: 0o644},
		{path: "etc/sudoers.d/login", content: user + " ALL=(ALL) NOPASSWD: ALL\n", mode: 0o440},
		{path: hostKey, content: string(key.Private), mode: 0o600},
		{path: hostKey + ".pub", content: string(key.Public), mode: 0o644},
		{path: hostKey + "-cert.pub", content: string(key.Certificate), mode: 0o644},
		{path: "etc/ssh/sshd_config.d/10-host.conf", mode: 0o644, content: fmt.Sprintf(
			"Port %d\nHostKey /%s\nHostCertificate /%s-cert.pub\nPasswordAuthentication no\nPermitRootLogin no\n",
			spec.Bare.Port, hostKey, hostKey)},
		{path: home + "/.ssh/authorized_keys", content: string(keys.Admitted), mode: 0o600, owner: loginID, group: loginID},
	}
	for path, line := range map[string]string{
		"etc/passwd": fmt.Sprintf("%s:x:%d:%d::/%s:/bin/bash\n", user, loginID, loginID, home),
		"etc/group":  fmt.Sprintf("%s:x:%d:\n", user, loginID),
		"etc/shadow": user + ":*:20000:0:99999:7:::\n",
	} {
		before, err := r.shared(path)
		if err != nil {
			return nil, err
		}
		file := ofHost{path: path, content: string(before) + line, mode: 0o644}
		if path == "etc/shadow" {
			file.mode, file.group = 0o640, shadowID
		}
		files = append(files, file)
	}
	return files, nil
}

// shared reads a file of the layers that all hosts have.
func (r root) shared(path string) ([]byte, error) {
	for _, layer := range r.layers {
		content, err := os.ReadFile(filepath.Join(layer, path))
		if !errors.Is(err, os.ErrNotExist) {
			return content, err
		}
	}
	return nil, fmt.Errorf("the hosts' image has no /%s", path)
}

// installBare writes them below a folder and has sshd start at boot.
func (r root) installBare(folder string, spec Spec, keys *login.Keys) error {
	files, err := r.bareFiles(spec, keys)
	if err != nil {
		return err
	}
	for _, file := range files {
		path := filepath.Join(folder, file.path)
		if err := errors.Join(
			os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(file.content), file.mode),
			os.Chmod(path, file.mode), os.Chown(path, file.owner, file.group),
		); err != nil {
			return err
		}
	}
	home := filepath.Join(folder, "home", spec.Bare.Login)
	unit := filepath.Join(folder, wantsSSHD)
	return errors.Join(
		os.Chown(home, loginID, loginID), os.Chown(filepath.Join(home, ".ssh"), loginID, loginID),
		os.Chmod(filepath.Join(home, ".ssh"), 0o700),
		os.MkdirAll(filepath.Dir(unit), 0o755), os.Symlink(sshdUnit, unit),
	)
}

// hasBooted tells that a machine of a data centre can be logged in to.
func (b *Bare) hasBooted(address string) bool {
	if b == nil {
		return false
	}
	connection, err := net.DialTimeout("tcp4", net.JoinHostPort(address, strconv.Itoa(b.Port)), sshDial)
	if err != nil {
		return false
	}
	defer connection.Close()
	_ = connection.SetReadDeadline(time.Now().Add(sshDial))
	greeting := make([]byte, len("SSH-"))
	_, err = connection.Read(greeting)
	return err == nil && strings.HasPrefix(string(greeting), "SSH")
}
