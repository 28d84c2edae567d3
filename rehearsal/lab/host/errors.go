package host

import (
	"fmt"
	"strings"
	"time"
)

func errNoSuchMachine(name string, found []string) error {
	if len(found) == 0 {
		return fmt.Errorf("machine %q is unknown: give the identifier or the name of one that \"status\" shows", name)
	}
	return fmt.Errorf("machine %q is one of %s: give the whole identifier", name, strings.Join(found, ", "))
}

func errExists(id string) error {
	return fmt.Errorf("machine %q exists: an identifier is used once", id)
}

func errNotRunning(id string, state State) error {
	return fmt.Errorf("machine %q is %s, it must be running: start it first", id, state)
}

func errTerminated(id string) error {
	return fmt.Errorf("machine %q is terminated: it never runs again", id)
}

func errLost(id string) error {
	return fmt.Errorf("machine %q is lost: it never starts again; rebuild it, or leave it to its group", id)
}

func errOfGroup(id, group string) error {
	return fmt.Errorf("machine %q belongs to group %q: \"terminate\" it, and the group launches another one", id, group)
}

func errMustBeOff(id string, state State) error {
	return fmt.Errorf("machine %q is %s, it must be off: cut it first", id, state)
}

func errNoDisk(id string) error {
	return fmt.Errorf("machine %q has no data disk", id)
}

func errNoCommand(command string) error {
	return fmt.Errorf("no package of the hosts' image has the command %q", command)
}

func errLate(what string, bound time.Duration) error {
	return fmt.Errorf("%s took more than %s", what, bound)
}
