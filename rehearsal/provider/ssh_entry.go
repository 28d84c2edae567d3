package main

import (
	"encoding/json"
	"io"
	"os"
	"os/signal"
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

// runSSHEntry serves until its standard input ends: whoever started it need not live to stop it.
func runSSHEntry(folder string, input io.Reader, output io.Writer) error {
	dir, err := rehearsalDir(folder)
	if err != nil {
		return err
	}
	s, err := newServerWith("metal", dir, 0, &schemas{})
	if err != nil {
		return err
	}
	entry, err := sshentry.Start(newMetalHosts(s))
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
