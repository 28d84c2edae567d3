package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"drover/rehearsal/lab/control"
	"drover/rehearsal/lab/host"
)

// handle says what the lab does for each action of the command line.
func handle(server *control.Server, hosts *host.Hosts, others *parts, destroy func() error) {
	server.Handle("status", func(context.Context, control.Request) (control.Response, error) {
		return control.Response{Machines: hosts.Machines()}, nil
	})
	server.Handle("down", func(context.Context, control.Request) (control.Response, error) {
		return control.Response{}, destroy()
	})
	for action, do := range map[string]func(ctx context.Context, id string) error{
		"cut":    func(_ context.Context, id string) error { return hosts.Cut(id) },
		"start":  hosts.Start,
		"stop":   hosts.Stop,
		"reboot": hosts.Reboot,
		"pull":   hosts.Pull,
		"plug":   hosts.Plug,
		"lose":   func(_ context.Context, id string) error { return hosts.Lose(id) },
	} {
		server.Handle(action, about(hosts, func(ctx context.Context, id string, _ control.Request) (control.Response, error) {
			return control.Response{}, do(ctx, id)
		}))
	}
	server.Handle("exec", about(hosts, func(ctx context.Context, id string, request control.Request) (control.Response, error) {
		if len(request.Arguments) == 0 {
			return control.Response{}, fmt.Errorf("no command for machine %q: give it after \"--\"", id)
		}
		code, err := hosts.Exec(ctx, id, request.Streams, request.Arguments...)
		return control.Response{Code: code}, err
	}))
	server.Handle("clock", about(hosts, setClock(hosts)))
	server.Handle("notice", about(hosts, setNotice(hosts)))
	server.Handle("rebuild", about(hosts, rebuilder(hosts)))
	server.Handle("disk", about(hosts, diskChanger(hosts)))
	server.Handle("trouble", troubleMaker(others.troubles))
	server.Handle("load", loader(hosts, others.cloud))
	handleGroups(server, hosts, others.groups)
}

// about finds the machine that a request names.
func about(
	hosts *host.Hosts, do func(ctx context.Context, id string, request control.Request) (control.Response, error),
) control.Handler {
	return func(ctx context.Context, request control.Request) (control.Response, error) {
		id, err := hosts.Resolve(request.Machine)
		if err != nil {
			return control.Response{}, err
		}
		return do(ctx, id, request)
	}
}

type machineHandler = func(ctx context.Context, id string, request control.Request) (control.Response, error)

// setClock makes a machine's clock count as confirmed by a time server, or not.
func setClock(hosts *host.Hosts) machineHandler {
	return func(ctx context.Context, id string, request control.Request) (control.Response, error) {
		script := map[string]string{
			"off": "mkdir -p /run/drover-lab && touch /run/drover-lab/clock-off", "on": "rm -f /run/drover-lab/clock-off",
		}
		if len(request.Arguments) != 1 || script[request.Arguments[0]] == "" {
			return control.Response{}, fmt.Errorf("clock %q, allowed are \"on\" and \"off\"", request.Arguments)
		}
		_, err := hosts.Output(ctx, id, "sh", "-c", script[request.Arguments[0]])
		return control.Response{}, err
	}
}

// the time between a spot notice and the end, as EC2 gives it.
const noticeSec = 120

// setNotice announces the machine's end to it.
func setNotice(hosts *host.Hosts) machineHandler {
	return func(_ context.Context, id string, request control.Request) (control.Response, error) {
		action, seconds := "terminate", noticeSec
		if len(request.Arguments) > 0 {
			action = request.Arguments[0]
		}
		if len(request.Arguments) > 1 {
			var err error
			if seconds, err = strconv.Atoi(request.Arguments[1]); err != nil {
				return control.Response{}, fmt.Errorf("%q is not a number of seconds", request.Arguments[1])
			}
		}
		hosts.Notice(id, host.Notice{Action: action, Time: time.Now().Add(time.Duration(seconds) * time.Second).UTC()})
		return control.Response{}, nil
	}
}
