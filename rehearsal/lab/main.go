// Command drover-lab makes the machines of a rehearsal real: hosts, disks and networks on this machine.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"

	"drover/rehearsal/lab/enclosure"
	"drover/rehearsal/lab/host"
)

const usage = `drover-lab makes the machines of a rehearsal real.

  drover-lab prepare --workspace DIR [--cache DIR]
  drover-lab run --workspace DIR [--cache DIR] [--programs DIR] [--ready-file FILE]
                 [--artifacts DIR] [--artifact-url URL]
  drover-lab status --workspace DIR [--json]
  drover-lab exec --workspace DIR [--deadline SEC] MACHINE -- COMMAND [ARGUMENT]...
  drover-lab cut|start|stop|reboot|pull|plug|lose --workspace DIR MACHINE
  drover-lab rebuild --workspace DIR [--wipe] [--without COMMAND]... MACHINE
  drover-lab disk --workspace DIR MACHINE missing|format|back|rename|plain|fill|free
  drover-lab clock --workspace DIR MACHINE on|off
  drover-lab notice --workspace DIR MACHINE [ACTION [SECONDS]]
  drover-lab trouble --workspace DIR [--json]
  drover-lab trouble --workspace DIR secret|address|mirror on|off [ARGUMENT]
  drover-lab groups --workspace DIR [--json]
  drover-lab desired --workspace DIR GROUP COUNT
  drover-lab terminate --workspace DIR [--decrement] MACHINE
  drover-lab rebalance --workspace DIR MACHINE
  drover-lab load --workspace DIR --rate N --seconds N [--keep-alive] [--ca-file FILE|--ca-from MACHINE:PATH]
                  [--from MACHINE] URL
  drover-lab down --workspace DIR

MACHINE is an identifier, its beginning, or a name. Exit codes: 0 done, 1 failed, 2 wrong usage; exec: the command's own.
`

// errUsage makes the usage be printed.
var errUsage = errors.New("wrong usage")

// commands by their names; each answers its exit code.
var commands = map[string]func(arguments []string) (int, error){
	"prepare": prepare, "run": run, "status": status, "exec": execute, "down": down, "clock": clock, "notice": notice,
	"cut": onMachine("cut"), "start": onMachine("start"), "stop": onMachine("stop"), "reboot": onMachine("reboot"),
	"pull": onMachine("pull"), "plug": onMachine("plug"), "lose": onMachine("lose"), "rebuild": rebuild, "disk": disk,
	"trouble": troubles, "groups": groups, "desired": desired, "terminate": terminate, "rebalance": onMachine("rebalance"),
	"load": loads,
	// the lab's own processes
	"first": func(arguments []string) (int, error) {
		return enclosure.First(append([]string{"daemon"}, arguments...))
	},
	"daemon": daemon,
	"enter":  func(arguments []string) (int, error) { return 1, host.Enter(arguments) },
}

func main() {
	if len(os.Args) < 2 || commands[os.Args[1]] == nil {
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
	code, err := commands[os.Args[1]](os.Args[2:])
	switch {
	case errors.Is(err, errUsage) || errors.Is(err, flag.ErrHelp):
		fmt.Fprint(os.Stderr, usage)
		code = 2
	case err != nil:
		fmt.Fprintln(os.Stderr, "drover-lab:", err)
		code = max(code, 1)
	}
	os.Exit(code)
}
