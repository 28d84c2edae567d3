package host

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"syscall"
)

// Enter moves this process into control groups and becomes another program:
// arguments are the groups' cgroup.procs files, "--" and the program with its arguments. It returns only an error.
func Enter(arguments []string) error {
	split := slices.Index(arguments, "--")
	if split < 0 || split == len(arguments)-1 {
		return errors.New("usage: enter FILE... -- PROGRAM [ARGUMENT]...")
	}
	for _, file := range arguments[:split] {
		if err := os.WriteFile(file, []byte("0"), 0); err != nil {
			return fmt.Errorf("control group: %w", err)
		}
	}
	program, err := exec.LookPath(arguments[split+1])
	if err != nil {
		return err
	}
	return syscall.Exec(program, arguments[split+1:], os.Environ())
}
