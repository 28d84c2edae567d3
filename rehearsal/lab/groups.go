package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"text/tabwriter"

	"drover/rehearsal/lab/control"
	"drover/rehearsal/lab/fleet"
	"drover/rehearsal/lab/host"
)

// groupView is what "groups --json" prints of an Auto Scaling group.
type groupView struct {
	Name      string         `json:"name"`
	Min       int            `json:"min"`
	Desired   int            `json:"desired"`
	Max       int            `json:"max"`
	Instances []instanceView `json:"instances"`
	// FailedLaunches counts launches that failed or were abandoned, LastFailure says why the last one did.
	FailedLaunches int    `json:"failedLaunches"`
	LastFailure    string `json:"lastFailure"`
}

type instanceView struct {
	ID        string `json:"id"`
	Lifecycle string `json:"lifecycle"`
	// Health is Healthy or Unhealthy.
	Health  string `json:"health"`
	Address string `json:"address"`
	// Reason says why the instance leaves; empty while it stays.
	Reason string `json:"reason"`
}

func viewOf(group fleet.Group) groupView {
	out := groupView{
		Name: group.Name, Min: group.Min, Desired: group.Desired, Max: group.Max, Instances: []instanceView{},
		FailedLaunches: group.Failures.Total, LastFailure: group.Failures.Last,
	}
	for _, one := range group.Instances {
		out.Instances = append(out.Instances, instanceView{one.ID, one.Lifecycle, one.Health, one.Address, one.Reason})
	}
	return out
}

func groups(arguments []string) (int, error) {
	o, err := parse(arguments)
	if err != nil {
		return 0, err
	}
	if len(o.rest) > 0 {
		return 0, errUsage
	}
	response, err := control.Ask(o.lab(), control.Request{Action: "groups"})
	if err != nil {
		return 0, err
	}
	if o.json {
		return 0, printJSON(response.Text)
	}
	var views []groupView
	if err := json.Unmarshal([]byte(response.Text), &views); err != nil {
		return 0, err
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "GROUP\tMIN\tDESIRED\tMAX\tINSTANCE\tLIFECYCLE\tHEALTH\tADDRESS")
	for _, view := range views {
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t\t\t\t\n", view.Name, view.Min, view.Desired, view.Max)
		for _, one := range view.Instances {
			fmt.Fprintf(table, "\t\t\t\t%s\t%s\t%s\t%s\n", one.ID, one.Lifecycle, one.Health, one.Address)
		}
	}
	return 0, table.Flush()
}

// desired names a group where other commands name a machine.
func desired(arguments []string) (int, error) {
	o, err := parse(arguments)
	if err != nil {
		return 0, err
	}
	const groupAndCount = 2
	if len(o.rest) != groupAndCount {
		return 0, errUsage
	}
	_, err = control.Ask(o.lab(), control.Request{Action: "desired", Arguments: o.rest})
	return 0, err
}

func terminate(arguments []string) (int, error) {
	o, err := parse(arguments)
	if err != nil {
		return 0, err
	}
	if len(o.rest) != 1 {
		return 0, errUsage
	}
	request := control.Request{Action: "terminate", Machine: o.rest[0]}
	if o.decrement {
		request.Arguments = []string{"decrement"}
	}
	_, err = control.Ask(o.lab(), request)
	return 0, err
}

// handleGroups says what the lab does to its Auto Scaling groups.
func handleGroups(server *control.Server, hosts *host.Hosts, controller *fleet.Controller) {
	server.Handle("groups", func(context.Context, control.Request) (control.Response, error) {
		views := []groupView{}
		for _, group := range controller.Groups() {
			views = append(views, viewOf(group))
		}
		return jsonText(views)
	})
	server.Handle("desired", func(_ context.Context, request control.Request) (control.Response, error) {
		words := append(request.Arguments, "", "")
		count, err := strconv.Atoi(words[1])
		if err != nil {
			return control.Response{}, fmt.Errorf("desired capacity %q of group %q is not a number", words[1], words[0])
		}
		return control.Response{}, controller.SetDesired(words[0], count)
	})
	server.Handle("terminate", about(hosts, func(_ context.Context, id string, request control.Request) (control.Response, error) {
		return control.Response{}, controller.TerminateInstance(id, len(request.Arguments) > 0)
	}))
	server.Handle("rebalance", about(hosts, func(_ context.Context, id string, _ control.Request) (control.Response, error) {
		return control.Response{}, controller.Rebalance(id)
	}))
}
