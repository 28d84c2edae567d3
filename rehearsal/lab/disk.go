package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"drover/rehearsal/lab/control"
	"drover/rehearsal/lab/host"
)

const diskDeadlineSec = 60

func disk(arguments []string) (int, error) {
	return askWithin(diskDeadlineSec, "disk", arguments, 2, 2)
}

// diskChanger does what a word says to the data disks of a machine.
func diskChanger(hosts *host.Hosts) machineHandler {
	changes := map[string]func(ctx context.Context, id string) error{
		"missing": func(_ context.Context, id string) error { return hosts.Unplug(id) },
		"format":  hosts.SwapDisk,
		"back":    hosts.Replug,
		"rename":  func(_ context.Context, id string) error { return hosts.RenameDisks(id, true) },
		"plain":   func(_ context.Context, id string) error { return hosts.RenameDisks(id, false) },
		"fill":    func(ctx context.Context, id string) error { return hosts.FillDisk(ctx, id, true) },
		"free":    func(ctx context.Context, id string) error { return hosts.FillDisk(ctx, id, false) },
	}
	return func(ctx context.Context, id string, request control.Request) (control.Response, error) {
		if len(request.Arguments) != 1 || changes[request.Arguments[0]] == nil {
			allowed := strings.Join(slices.Sorted(maps.Keys(changes)), `", "`)
			return control.Response{}, fmt.Errorf("disk %q, allowed are \"%s\"", request.Arguments, allowed)
		}
		return control.Response{}, changes[request.Arguments[0]](ctx, id)
	}
}
