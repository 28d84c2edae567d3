package main

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// runningEntry starts the entry as the rehearsal does, and ends it by ending its input.
func runningEntry(t *testing.T, dir string) entryReport {
	t.Helper()
	input, stop := io.Pipe()
	output, report := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- runSSHEntry(dir, false, input, report) }()
	t.Cleanup(func() {
		_ = stop.Close()
		select {
		case err := <-ended:
			must(t, err)
		case <-time.After(60 * time.Second):
			t.Error("the entry has not ended with its input")
		}
	})
	line, err := bufio.NewReader(output).ReadBytes('\n')
	must(t, err)
	var out entryReport
	must(t, json.Unmarshal(line, &out))
	return out
}

// terraform runs the real one on a configuration of provisioners; the one provider in it is Terraform's own.
type terraform struct {
	folder string
	agent  string
}

func realTerraform(t *testing.T, agent string, configuration j) *terraform {
	t.Helper()
	if _, err := exec.LookPath("terraform"); err != nil {
		t.Skip("no terraform on this machine: only ssh clients were tried")
	}
	f := &terraform{folder: t.TempDir(), agent: agent}
	f.write(t, configuration)
	f.run(t, "init", "-input=false")
	return f
}

func (f *terraform) write(t *testing.T, configuration j) {
	t.Helper()
	raw, err := json.Marshal(configuration)
	must(t, err)
	must(t, os.WriteFile(filepath.Join(f.folder, "main.tf.json"), raw, 0o600))
}

func (f *terraform) try(arguments ...string) (string, error) {
	command := exec.Command("terraform", arguments...)
	command.Dir = f.folder
	command.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1", "SSH_AUTH_SOCK="+f.agent, "TF_CLI_CONFIG_FILE=/dev/null", "TF_CLI_ARGS=-no-color")
	output, err := command.CombinedOutput()
	return string(output), err
}

func (f *terraform) run(t *testing.T, arguments ...string) string {
	t.Helper()
	output, err := f.try(arguments...)
	if err != nil {
		t.Fatalf("terraform %s: %v\n%s", arguments[0], err, output)
	}
	return output
}

// connectionTo is a localized connection: the bastion is the entry, the facts of the host come from where they may.
func connectionTo(entry entryReport, host string) j {
	return j{
		"type": "ssh", "host": host, "port": 22, "user": "drover", "agent": true, "timeout": "5m", "host_key": entry.HostKey,
		"bastion_host": "127.0.0.1", "bastion_port": entry.Port, "bastion_host_key": entry.HostKey,
	}
}

func TestTerraformProvisionsAHostAndTakesItOutAgain(t *testing.T) {
	w := newMetalWorld(t)
	entry := runningEntry(t, w.server.dir)
	archive := filepath.Join(t.TempDir(), "bundle.tar")
	must(t, os.WriteFile(archive, []byte("the bundle"), 0o600))
	host := j{
		"membership": j{
			"input": j{"host": metalAddress},
			"provisioner": []any{j{"remote-exec": j{
				"when": "destroy", "inline": []any{"sudo /opt/drover/bundle/leave-cluster.sh"},
				"connection": connectionTo(entry, "${self.input.host}"),
			}}},
		},
		"bundle": j{
			"triggers_replace": []any{"1", "${terraform_data.membership.id}"},
			"connection":       connectionTo(entry, metalAddress),
			"provisioner": []any{
				j{"file": j{"source": archive, "destination": "drover-abc.tar"}},
				j{"file": j{"content": "#!/bin/bash\n", "destination": "drover-enter.sh"}},
				j{"file": j{"content": w.settings(nil), "destination": "drover-management.env"}},
				j{"file": j{"content": w.secret, "destination": "drover-secret-id"}},
				j{"remote-exec": j{"inline": []any{"sudo bash ./drover-enter.sh drover-abc.tar " + bundleSumOf(t, w) + " drover-management.env drover-secret-id"}}},
			},
		},
	}
	f := realTerraform(t, entry.AgentSocket, j{"resource": j{"terraform_data": host}})
	output := f.run(t, "apply", "-input=false", "-auto-approve")
	if !strings.Contains(output, "drover: all steps done: 10-host 90-complete") {
		t.Errorf("the provisioner's lines are not shown:\n%s", output)
	}
	member, err := w.member(metalAddress)
	must(t, err)
	equal(t, "name", member.Attrs["name"], "kv-01")
	f.run(t, "plan", "-input=false", "-detailed-exitcode")

	f.write(t, j{"removed": []any{
		j{"from": "terraform_data.bundle", "lifecycle": j{"destroy": true}},
		j{"from": "terraform_data.membership", "lifecycle": j{"destroy": true}, "provisioner": []any{j{"remote-exec": j{
			"when": "destroy", "inline": []any{"sudo /opt/drover/bundle/leave-cluster.sh"},
			"connection": connectionTo(entry, "${self.input.host}"),
		}}}},
	}})
	f.run(t, "apply", "-input=false", "-auto-approve")
	member, err = w.member(metalAddress)
	must(t, err)
	if member != nil {
		t.Errorf("the host has not left: %v", member.Attrs)
	}
}

func TestTerraformFailsWithWhatTheHostSays(t *testing.T) {
	w := newMetalWorld(t)
	entry := runningEntry(t, w.server.dir)
	f := realTerraform(t, entry.AgentSocket, j{"resource": j{"terraform_data": j{"bundle": j{
		"connection":  connectionTo(entry, metalAddress),
		"provisioner": []any{j{"remote-exec": j{"inline": []any{"sudo /opt/drover/bundle/leave-cluster.sh"}}}},
	}}}})
	output, err := f.try("apply", "-input=false", "-auto-approve")
	if err == nil || !strings.Contains(output, "leave-cluster.sh: command not found") || !strings.Contains(output, "exited with status 1") {
		t.Errorf("%v\n%s", err, output)
	}
}
