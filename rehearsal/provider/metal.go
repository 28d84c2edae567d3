package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"sync"

	"drover/rehearsal/provider/sshentry"
)

const (
	// metalHost is the type of a machine on metal that has become a part of a cluster. No state owns it: leaving the
	// cluster takes it out of the world.
	metalHost = "metal_host"
	// metalScope holds all of them: an address is unique in an environment.
	metalScope = "metal"
)

// upload is a file that a login has copied to a host. Its content is never written down: it may be a secret.
type upload struct {
	content []byte
	sha256  string
}

// metalHosts are the machines on metal of one world, as a login sees them.
type metalHosts struct {
	server *server
	// mutex also keeps two provisioners of one host apart, as the lock of the real bootstrap does.
	mutex sync.Mutex
	// uploads are the files in the logins' homes and in /tmp, by host and name.
	uploads map[string]map[string]upload
}

func newMetalHosts(s *server) *metalHosts {
	return &metalHosts{server: s, uploads: map[string]map[string]upload{}}
}

// Upload keeps a file until a command uses it; the events tell its size and checksum alone.
func (m *metalHosts) Upload(host, name string, content []byte) error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	sum := sha256.Sum256(content)
	file := upload{content: content, sha256: hex.EncodeToString(sum[:])}
	if m.uploads[host] == nil {
		m.uploads[host] = map[string]upload{}
	}
	m.uploads[host][path.Clean(name)] = file
	if !isTerraformScript(name) {
		m.server.record("upload", metalHost, fmt.Sprintf("%s %s (%d bytes, sha256 %s)", host, path.Clean(name), len(content), file.sha256), "")
	}
	return nil
}

// isTerraformScript tells the file that Terraform makes of a provisioner's lines.
func isTerraformScript(name string) bool {
	return strings.HasPrefix(name, "/tmp/terraform_") && strings.HasSuffix(name, ".sh")
}

// Run runs what a login says: a command, or the lines of a script that Terraform has copied before. As in a shell, the
// last one's exit code counts.
func (m *metalHosts) Run(host, command string) (output string, exitCode int) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	lines := []string{strings.TrimSpace(command)}
	if script, isScript := m.uploads[host][lines[0]]; isScript {
		lines = strings.Split(string(script.content), "\n")
	}
	var out strings.Builder
	for _, line := range lines {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		var said string
		said, exitCode = m.runLine(host, line)
		out.WriteString(said)
	}
	return out.String(), exitCode
}

// runLine runs the commands of a line, joined by || and &&.
func (m *metalHosts) runLine(host, line string) (string, int) {
	words, err := sshentry.Words(line)
	if err != nil {
		return err.Error() + "\n", exitUsage
	}
	var out strings.Builder
	exit, wanted := 0, true
	for len(words) > 0 {
		command, joint, rest := untilJoint(words)
		if wanted {
			var said string
			said, exit = m.runCommand(host, command)
			out.WriteString(said)
		}
		wanted = joint == "||" && exit != 0 || joint == "&&" && exit == 0
		words = rest
	}
	problem := ""
	if exit != 0 {
		problem = fmt.Sprintf("exit code %d: %s", exit, strings.TrimSpace(out.String()))
	}
	m.server.record("exec", metalHost, host+" "+line, problem)
	return out.String(), exit
}

func untilJoint(words []string) (command []string, joint string, rest []string) {
	for i, word := range words {
		if word == "||" || word == "&&" {
			return words[:i], word, words[i+1:]
		}
	}
	return words, "", nil
}

func (m *metalHosts) runCommand(host string, words []string) (string, int) {
	words = withoutInterpreters(words)
	if len(words) == 0 {
		return "", 0
	}
	c := &hostCommand{metalHosts: m, host: host, arguments: words[1:]}
	exit := c.run(words[0])
	return c.output.String(), exit
}

// withoutInterpreters drops what stands before a script's own name.
func withoutInterpreters(words []string) []string {
	for len(words) > 0 {
		switch words[0] {
		case "sudo", "-n", "--non-interactive", "--", "bash", "sh":
			words = words[1:]
		default:
			return words
		}
	}
	return words
}

// member is what a host is a part of; nil if of nothing.
func (m *metalHosts) member(host string) (*record, error) {
	return m.server.world.get(metalHost, metalScope, host, "")
}

// faultOf takes the next fault for an operation on a host. Faults are set after this process has begun.
func (m *metalHosts) faultOf(operation, host string) (*fault, error) {
	faults, err := loadFaults(m.server.dir)
	if err != nil {
		return nil, err
	}
	m.server.faults = faults
	return m.server.strike(metalHost, operation, host), nil
}

// hostRecord is the object that stands for a host in the world.
func hostRecord(host string, environment map[string]string, before *record) *record {
	runs := json.Number("1")
	if before != nil {
		runs = json.Number(fmt.Sprint(wholeNumber(before.Attrs["bootstraps"], 0) + 1))
	}
	return &record{
		Type: metalHost, ID: host, Provider: machineOwner, Scope: metalScope,
		Attrs: map[string]any{
			"address": host, "name": environment["DROVER_NODE"], "site": environment["DROVER_SITE"],
			"cluster": environment["DROVER_CLUSTER"], "role": environment["DROVER_ROLE"],
			"environment": environment["DROVER_ENV"], "bootstraps": runs,
		},
	}
}
