// Package child runs the components as processes that never outlive the one that started them.
package child

import (
	"context"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	restartPause = 500 * time.Millisecond
	// stopGrace is short: an API server would wait a minute for the connections of its clients
	stopGrace = 3 * time.Second
	// collect trades memory for processor time, which is what starting components compete for
	collect = "GOGC=300"
	// logLimit in bytes: a longer log is put aside when its component starts.
	logLimit = 16 << 20
)

// Program is a component to keep running.
type Program struct {
	// Name is what the process calls itself.
	Name string
	// Path of the executable; the arguments follow the name.
	Path      string
	Arguments []string
	LogFile   string
}

// Group keeps programs running until its context ends.
type Group struct {
	wait sync.WaitGroup
}

// Keep starts a program and starts it again whenever it ends.
func (g *Group) Keep(ctx context.Context, program Program) *Kept {
	kept := &Kept{}
	g.wait.Add(1)
	go func() {
		defer g.wait.Done()
		// the kernel ties a parent-death signal to the thread that started the child
		runtime.LockOSThread()
		for ctx.Err() == nil {
			started := time.Now()
			err := kept.run(ctx, program)
			if ctx.Err() != nil {
				return
			}
			if kept.wasRestarted() {
				slog.Info("component is restarted", "name", program.Name, "after", time.Since(started).Round(time.Millisecond))
				continue
			}
			slog.Warn("component ended, starting it again", "name", program.Name, "after", time.Since(started).Round(time.Millisecond), "why", err)
			select {
			case <-ctx.Done():
			case <-time.After(restartPause):
			}
		}
	}()
	return kept
}

// Kept is a program that is kept running.
type Kept struct {
	mutex     sync.Mutex
	process   *os.Process
	restarted bool
}

// Restart ends the process, so that it is started again at once.
func (k *Kept) Restart() error {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if k.process == nil {
		return nil
	}
	k.restarted = true
	return k.process.Kill()
}

// wasRestarted tells it once.
func (k *Kept) wasRestarted() bool {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	restarted := k.restarted
	k.restarted = false
	return restarted
}

func (k *Kept) set(process *os.Process) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	k.process = process
}

// Wait returns once every program has ended, after the context has.
func (g *Group) Wait() { g.wait.Wait() }

func (k *Kept) run(ctx context.Context, program Program) error {
	out, err := openLog(program.LogFile)
	if err != nil {
		return err
	}
	defer out.Close()
	command := exec.CommandContext(ctx, program.Path, program.Arguments...)
	command.Args[0] = program.Name
	command.Env = environment()
	command.Stdout, command.Stderr = out, out
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	command.WaitDelay = stopGrace
	if err := command.Start(); err != nil {
		return err
	}
	k.set(command.Process)
	defer k.set(nil)
	return command.Wait()
}

// environment is without the manager's socket: only the unit's main process reports to it.
func environment() []string {
	kept := []string{collect}
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "NOTIFY_SOCKET=") {
			kept = append(kept, pair)
		}
	}
	return kept
}

func openLog(path string) (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	if found, err := os.Stat(path); err == nil && found.Size() > logLimit {
		if err := os.Rename(path, path+".1"); err != nil {
			return nil, err
		}
	}
	return os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o640)
}
