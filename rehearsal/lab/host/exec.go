package host

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// how long the output of a command that was given up may still be waited for.
const execWaitDelay = 2 * time.Second

// Streams are what a command in a host reads and writes; nil is nothing.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// Exec runs a command in a machine, as root, and answers its exit code. It is killed when ctx ends.
func (h *Hosts) Exec(ctx context.Context, id string, streams Streams, command ...string) (int, error) {
	_, running, err := h.running(id)
	if err != nil {
		return 0, err
	}
	leader := running.pid()
	if leader == 0 {
		return 0, fmt.Errorf("machine %q is rebooting: try again", id)
	}
	// env looks the command up where the host has it
	process := exec.CommandContext(ctx, "/usr/bin/env", command...)
	process.Env = []string{
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "TERM=dumb", "LANG=C.UTF-8",
	}
	process.Stdin, process.Stdout, process.Stderr = streams.In, streams.Out, streams.Err
	// what it starts must not outlive it
	process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	process.Cancel = func() error { return syscall.Kill(-process.Process.Pid, syscall.SIGKILL) }
	process.WaitDelay = execWaitDelay
	if err = startInside(leader, process); err != nil {
		return 0, err
	}
	err = process.Wait()
	var exit *exec.ExitError
	if ctx.Err() == nil && errors.As(err, &exit) {
		return exit.ExitCode(), nil
	}
	if ctx.Err() != nil {
		return 0, fmt.Errorf("%q in machine %q: %w", strings.Join(command, " "), id, context.Cause(ctx))
	}
	return 0, err
}

// Output is what a command in a machine printed; an exit code other than 0 is an error with what it said.
func (h *Hosts) Output(ctx context.Context, id string, command ...string) (string, error) {
	var out, said bytes.Buffer
	code, err := h.Exec(ctx, id, Streams{Out: &out, Err: &said}, command...)
	if err == nil && code != 0 {
		err = fmt.Errorf("%q in machine %q ended with %d: %s", strings.Join(command, " "), id, code, strings.TrimSpace(said.String()))
	}
	return out.String(), err
}
