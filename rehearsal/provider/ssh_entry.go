package main

import (
	"encoding/json"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"drover/rehearsal/provider/sshentry"
)

// sshEntryOption has the program play the machines on metal instead of a provider.
const sshEntryOption = "--ssh-entry"

// entryReport says where the entry is, as one line of JSON on standard output.
type entryReport struct {
	Port        int    `json:"port"`
	HostKey     string `json:"hostKey"`
	AgentSocket string `json:"agentSocket"`
}

// Where real hosts find the keys that they trust, and the lab lets the bastion in.
const (
	sshFolder = "ssh"
	doorPath  = "lab/door.sock"
)

// startEntry leads to the lab's hosts, or plays hosts of its own.
func startEntry(dir string, hosts bool) (*sshentry.Entry, error) {
	if hosts {
		keys, err := sshentry.KeysIn(filepath.Join(dir, sshFolder))
		if err != nil {
			return nil, err
		}
		return sshentry.Start(keys, sshentry.Real(filepath.Join(dir, doorPath)))
	}
	s, err := newServerWith("metal", dir, 0, &schemas{})
	if err != nil {
		return nil, err
	}
	keys, err := sshentry.NewKeys()
	if err != nil {
		return nil, err
	}
	return sshentry.Start(keys, sshentry.Played(newMetalHosts(s)))
}

// runSSHEntry serves until its standard input ends: whoever started it need not live to stop it.
func runSSHEntry(folder string, hosts bool, input io.Reader, output io.Writer) error {
	dir, err := rehearsalDir(folder)
	if err != nil {
		return err
	}
	entry, err := startEntry(dir, hosts)
	if err != nil {
		return err
	}
	defer entry.Stop()
	report := entryReport{Port: entry.Port, HostKey: entry.HostKey, AgentSocket: entry.AgentSocket}
	if err := json.NewEncoder(output).Encode(report); err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, input)
		close(ended)
	}()
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	defer signal.Stop(stop)
	select {
	case <-ended:
	case <-stop:
	}
	return nil
}
