package host

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

const (
	// nspawn's exit code when the host asked for a reboot.
	exitReboot = 133
	// how long anything may survive the death of the host's first process.
	deathDeadline = 10 * time.Second
	// systemd halts on this signal.
	signalHalt = syscall.Signal(34 + 4)
)

// boot makes the command of one boot; it is asked again at each reboot.
type boot func() (*exec.Cmd, error)

// container is a running host: nspawn, started again as often as the host reboots.
type container struct {
	boot boot
	// ended closes when the host is off for good.
	ended chan struct{}

	mutex  sync.Mutex
	nspawn *os.Process
	leader int
	boots  int
	off    bool
	// problem is why the host did not come back from a reboot.
	problem error
}

// startContainer answers when the host's first process runs.
func startContainer(ctx context.Context, next boot) (*container, error) {
	c := &container{boot: next, ended: make(chan struct{})}
	now, err := c.once()
	if err != nil {
		return nil, err
	}
	if err := c.meetLeader(ctx, now); err != nil {
		c.giveUp(now)
		return nil, err
	}
	go c.follow(now)
	return c, nil
}

// nspawn is one boot of a host.
type nspawn struct {
	command *exec.Cmd
	// ended closes when it has, and its exit code is known.
	ended chan struct{}
}

// once starts nspawn for one boot.
func (c *container) once() (*nspawn, error) {
	command, err := c.boot()
	if err != nil {
		return nil, err
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.off {
		return nil, errors.New("the host is switched off")
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	c.nspawn, c.leader = command.Process, 0
	c.boots++
	now := &nspawn{command: command, ended: make(chan struct{})}
	go func() {
		defer close(now.ended)
		_ = command.Wait() // the exit code says it
	}()
	return now, nil
}

// follow boots again as often as the host asks for it, until it is off.
func (c *container) follow(now *nspawn) {
	defer close(c.ended)
	for {
		<-now.ended
		if now.command.ProcessState.ExitCode() != exitReboot {
			return
		}
		next, err := c.once()
		if err == nil {
			now = next
			if err = c.meetLeader(context.Background(), now); err != nil {
				c.giveUp(now)
			}
		}
		if err != nil {
			c.mutex.Lock()
			if !c.off {
				c.problem = err
			}
			c.mutex.Unlock()
			return
		}
	}
}

func (c *container) giveUp(now *nspawn) {
	_ = now.command.Process.Kill()
	<-now.ended
}

// meetLeader waits until the host's first process runs, and notes it.
func (c *container) meetLeader(ctx context.Context, now *nspawn) error {
	leader, err := awaitLeader(ctx, now)
	if err != nil {
		return err
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.leader = leader
	return nil
}

// pid is the host's first process as the lab numbers it; 0 between two boots and when the host is off.
func (c *container) pid() int {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.leader
}

// outcome is how often the host has booted, and why it did not come back from a reboot; nil if it went off otherwise.
func (c *container) outcome() (boots int, problem error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.boots, c.problem
}

// stop asks the host to shut down and answers whether it did in time.
func (c *container) stop(ctx context.Context) bool {
	c.mutex.Lock()
	c.off = true
	leader := c.leader
	c.mutex.Unlock()
	if leader == 0 || syscall.Kill(leader, signalHalt) != nil {
		return false
	}
	select {
	case <-c.ended:
		return true
	case <-ctx.Done():
		return false
	}
}

// kill takes the power away. All processes of the host die with its first one.
func (c *container) kill() {
	c.mutex.Lock()
	c.off = true
	leader, nspawn := c.leader, c.nspawn
	c.mutex.Unlock()
	if leader != 0 {
		_ = syscall.Kill(leader, syscall.SIGKILL)
	} else if nspawn != nil {
		_ = nspawn.Kill()
	}
	select {
	case <-c.ended:
		return
	case <-time.After(deathDeadline):
	}
	_ = nspawn.Kill()
	<-c.ended
}
