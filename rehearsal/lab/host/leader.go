package host

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	// how long nspawn may take to make the host's first process.
	leaderDeadline = 15 * time.Second
	pollEvery      = 10 * time.Millisecond
)

// awaitLeader finds the host's first process: nspawn's child that is number 1 in a namespace of its own.
func awaitLeader(ctx context.Context, now *nspawn) (int, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, leaderDeadline,
		fmt.Errorf("the host's systemd did not start within %s", leaderDeadline))
	defer cancel()
	for {
		if leader := leaderOf(now.command.Process.Pid); leader != 0 {
			return leader, nil
		}
		select {
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		case <-now.ended:
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
