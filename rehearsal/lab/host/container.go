package host

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	// nspawn's exit code when the host asked for a reboot.
	exitReboot = 133
	// how long nspawn may take to make the host's first process.
	leaderDeadline = 15 * time.Second
	// how long anything may survive the death of the host's first process.
	deathDeadline = 10 * time.Second
	pollEvery     = 10 * time.Millisecond
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
}

// startContainer answers when the host's first process runs.
func startContainer(ctx context.Context, next boot) (*container, error) {
	c := &container{boot: next, ended: make(chan struct{})}
	command, err := c.once()
	if err != nil {
		return nil, err
	}
	died := c.follow(command)
	leader, err := c.awaitLeader(ctx, command.Process.Pid, died)
	if err != nil {
		c.kill()
		return nil, err
	}
	c.mutex.Lock()
	c.leader = leader
	c.mutex.Unlock()
	return c, nil
}

// once starts nspawn for one boot.
func (c *container) once() (*exec.Cmd, error) {
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
	return command, nil
}

// follow waits for the ends of nspawn and boots again when the host asked for it.
func (c *container) follow(command *exec.Cmd) (died <-chan struct{}) {
	go func() {
		defer close(c.ended)
		for {
			_ = command.Wait() // the exit code says it
			if command.ProcessState.ExitCode() != exitReboot {
				return
			}
			next, err := c.once()
			if err != nil {
				return
			}
			command = next
			ctx, cancel := context.WithTimeout(context.Background(), leaderDeadline)
			leader, err := c.awaitLeader(ctx, command.Process.Pid, nil)
			cancel()
			if err == nil {
				c.mutex.Lock()
				c.leader = leader
				c.mutex.Unlock()
			}
		}
	}()
	return c.ended
}

// awaitLeader finds the host's first process: nspawn's child that is number 1 in a namespace of its own.
func (c *container) awaitLeader(ctx context.Context, nspawn int, died <-chan struct{}) (int, error) {
	deadline := time.Now().Add(leaderDeadline)
	for {
		if leader := leaderOf(nspawn); leader != 0 {
			return leader, nil
		}
		if time.Now().After(deadline) {
			return 0, fmt.Errorf("the host's systemd did not start within %s", leaderDeadline)
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-died:
			return 0, errors.New("nspawn ended before the host's systemd started: see the console's log")
		case <-time.After(pollEvery):
		}
	}
}

func leaderOf(nspawn int) int {
	children, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", nspawn, nspawn))
	for _, word := range strings.Fields(string(children)) {
		child, err := strconv.Atoi(word)
		if err == nil && isFirst(child) {
			return child
		}
	}
	return 0
}

// isFirst tells a process that is number 1 of the innermost of its namespaces and has begun to be systemd.
func isFirst(pid int) bool {
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if err != nil {
		return false
	}
	name := ""
	for _, line := range strings.Split(string(status), "\n") {
		if value, found := strings.CutPrefix(line, "Name:"); found {
			name = strings.TrimSpace(value)
		}
		if value, found := strings.CutPrefix(line, "NSpid:"); found {
			numbers := strings.Fields(value)
			return len(numbers) > 1 && numbers[len(numbers)-1] == "1" && name == "systemd"
		}
	}
	return false
}

// pid is the host's first process as the lab numbers it; 0 between two boots and when the host is off.
func (c *container) pid() int {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.leader
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
