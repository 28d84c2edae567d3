package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"drover/rehearsal/lab/control"
	"drover/rehearsal/lab/host"
)

const (
	// a command that runs longer is meant to be given a deadline of its own.
	execDeadlineSec = 600
	downDeadlineSec = 120
)

func status(arguments []string) (int, error) {
	o, err := parse(arguments)
	if err != nil {
		return 0, err
	}
	response, err := control.Ask(o.lab(), control.Request{Action: "status"})
	if err != nil {
		return 0, err
	}
	if o.json {
		encoder := json.NewEncoder(os.Stdout)
		encoder.SetIndent("", " ")
		return 0, encoder.Encode(response.Machines)
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "MACHINE\tNAME\tADDRESS\tGROUP\tSTATE\tLIFECYCLE\tBOOTSTRAP")
	for _, machine := range response.Machines {
		var report struct {
			Result string `json:"result"`
		}
		_ = json.Unmarshal(machine.Bootstrap, &report) // there may be none yet
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", machine.ID, machine.Name, machine.Address, machine.Group,
			machine.State, machine.Lifecycle, report.Result)
	}
	return 0, table.Flush()
}

func execute(arguments []string) (int, error) {
	o, err := parse(arguments)
	if err != nil {
		return 0, err
	}
	if len(o.rest) != 1 || len(o.command) == 0 {
		return 0, errUsage
	}
	if o.deadlineSec == 0 {
		o.deadlineSec = execDeadlineSec
	}
	response, err := control.Ask(o.lab(), control.Request{
		Action: "exec", Machine: o.rest[0], Arguments: o.command, DeadlineSec: o.deadlineSec,
	}, os.Stdin, os.Stdout, os.Stderr)
	if err != nil {
		return 0, err
	}
	return response.Code, nil
}

// onMachine is a command that does one thing to one machine.
func onMachine(action string) func(arguments []string) (int, error) {
	return func(arguments []string) (int, error) { return ask(action, arguments, 1, 1) }
}

func clock(arguments []string) (int, error) { return ask("clock", arguments, 2, 2) }

func notice(arguments []string) (int, error) { return ask("notice", arguments, 1, 3) }

// ask sends an action with its machine and further words.
func ask(action string, arguments []string, least, most int) (int, error) {
	return askWithin(0, action, arguments, least, most)
}

// askWithin is ask with another deadline than the usual one, unless the command line gives one.
func askWithin(deadlineSec int, action string, arguments []string, least, most int) (int, error) {
	o, err := parse(arguments)
	if err != nil {
		return 0, err
	}
	if len(o.rest) < least || len(o.rest) > most {
		return 0, errUsage
	}
	_, err = control.Ask(o.lab(), control.Request{
		Action: action, Machine: o.rest[0], Arguments: o.rest[1:], DeadlineSec: orElse(o.deadlineSec, deadlineSec),
	})
	return 0, err
}

// down destroys all machines, ends the lab and clears up what one left that was killed. Disks of volumes that are still
// in the world stay.
func down(arguments []string) (int, error) {
	o, err := parse(arguments)
	if err != nil {
		return 0, err
	}
	if _, err := os.Stat(o.lab()); os.IsNotExist(err) {
		return 0, nil
	}
	_, err = control.Ask(o.lab(), control.Request{Action: "down", DeadlineSec: downDeadlineSec})
	if err != nil && !errors.Is(err, control.ErrNotRunning) {
		return 0, err
	}
	unlock, err := lock(o.lab(), downDeadlineSec*time.Second)
	if err != nil {
		return 0, err
	}
	defer unlock()
	groups, err := host.OpenCgroups(groupName(o.lab()))
	if err != nil {
		return 0, err
	}
	groups.RemoveAll()
	return 0, errors.Join(restoreLimits(o.lab()), host.Forget(o.lab()), os.RemoveAll(filepath.Join(o.lab(), "layer")),
		removeIfThere(filepath.Join(o.lab(), "control.sock")))
}
