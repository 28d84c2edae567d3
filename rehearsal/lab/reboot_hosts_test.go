package main

import (
	"testing"
	"time"
)

// systemd stops all processes with SIGSTOP before it ends them; one that its parent outside then does not collect keeps
// the host's process namespace, and with it the reboot, for ever.
func TestAHostRebootsWhileACommandRunsInIt(t *testing.T) {
	b := newBench(t)
	b.network()
	b.server(1, "i-0a1")
	b.within(120*time.Second, "the host ran its user data", func() bool { return b.hasReported("s1") })
	b.within(120*time.Second, "it is up", b.booted("s1"))
	began := b.on("s1", "ps -o lstart= -p 1")

	ended := make(chan error, 1)
	go func() {
		_, err := b.run("exec", "s1", "--", "sleep", "1234")
		ended <- err
	}()
	b.within(60*time.Second, "the command runs", func() bool {
		_, err := b.try("exec", "s1", "--", "pgrep", "-x", "sleep")
		return err == nil
	})
	b.command("reboot", "s1")
	b.within(120*time.Second, "the command ends with the host", func() bool { return len(ended) > 0 })
	if err := <-ended; err == nil {
		t.Error("a command that its host ended ended well")
	}
	b.within(120*time.Second, "up again after the reboot", func() bool {
		now, err := b.try("exec", "s1", "--", "ps", "-o", "lstart=", "-p", "1")
		return err == nil && now != began && b.booted("s1")()
	})
}
