package main

import (
	"context"
	"encoding/json"

	"drover/rehearsal/lab/control"
	"drover/rehearsal/lab/host"
)

// a root file system of a server holds some hundred megabytes that are removed first.
const rebuildDeadlineSec = 120

func rebuild(arguments []string) (int, error) {
	o, err := parse(arguments)
	if err != nil {
		return 0, err
	}
	if len(o.rest) != 1 {
		return 0, errUsage
	}
	details, err := json.Marshal(host.Renewal{Wipe: o.wipe, Without: o.without})
	if err != nil {
		return 0, err
	}
	_, err = control.Ask(o.lab(), control.Request{
		Action: "rebuild", Machine: o.rest[0], Details: details, DeadlineSec: orElse(o.deadlineSec, rebuildDeadlineSec),
	})
	return 0, err
}

func orElse(given, fallback int) int {
	if given == 0 {
		return fallback
	}
	return given
}

func rebuilder(hosts *host.Hosts) machineHandler {
	return func(ctx context.Context, id string, request control.Request) (control.Response, error) {
		var renewal host.Renewal
		if err := json.Unmarshal(request.Details, &renewal); err != nil {
			return control.Response{}, err
		}
		return control.Response{}, hosts.Rebuild(ctx, id, renewal)
	}
}
