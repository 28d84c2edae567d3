package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"

	"drover/rehearsal/lab/cloud"
	"drover/rehearsal/lab/control"
	"drover/rehearsal/lab/host"
	"drover/rehearsal/lab/load"
	"drover/rehearsal/lab/network"
)

// how much longer than its plan a load may take: the last answers, and a busy machine.
const loadGraceSec = 30

// loadRequest is a plan, with the place of the authority where the client can't read it.
type loadRequest struct {
	load.Plan
	// AuthorityPath is a file of the machine that the request names.
	AuthorityPath string `json:"authorityPath,omitempty"`
	// From is a machine that asks; the lab itself without one.
	From string `json:"from,omitempty"`
}

func loads(arguments []string) (int, error) {
	o, err := parse(arguments)
	if err != nil {
		return 0, err
	}
	if len(o.rest) != 1 || o.caFile != "" && o.caFrom != "" {
		return 0, errUsage
	}
	wanted := loadRequest{From: o.from, Plan: load.Plan{URL: o.rest[0], Rate: o.rate, Seconds: o.seconds, KeepAlive: o.keepAlive}}
	request := control.Request{Action: "load", DeadlineSec: o.seconds + loadGraceSec}
	if o.caFile != "" {
		if wanted.Authority, err = os.ReadFile(o.caFile); err != nil {
			return 0, err
		}
	}
	if err := wanted.Check(); err != nil {
		return 0, err
	}
	if o.caFrom != "" {
		var found bool
		request.Machine, wanted.AuthorityPath, found = strings.Cut(o.caFrom, ":")
		if !found || !strings.HasPrefix(wanted.AuthorityPath, "/") {
			return 0, fmt.Errorf("authority %q is not like \"MACHINE:/path\"", o.caFrom)
		}
	}
	if request.Details, err = json.Marshal(wanted); err != nil {
		return 0, err
	}
	response, err := control.Ask(o.lab(), request)
	if err != nil {
		return 0, err
	}
	return 0, printJSON(response.Text)
}

// loader asks from the lab's own network, or as a machine does. Without another authority only the lab's own is trusted.
func loader(hosts *host.Hosts, services *cloud.Cloud) control.Handler {
	return func(ctx context.Context, request control.Request) (control.Response, error) {
		var wanted loadRequest
		if err := json.Unmarshal(request.Details, &wanted); err != nil {
			return control.Response{}, err
		}
		if wanted.AuthorityPath != "" {
			id, err := hosts.Resolve(request.Machine)
			if err != nil {
				return control.Response{}, err
			}
			pem, err := hosts.Output(ctx, id, "cat", "--", wanted.AuthorityPath)
			if err != nil {
				return control.Response{}, err
			}
			if pem == "" {
				return control.Response{}, errors.New("the authority's file is empty")
			}
			wanted.Authority = []byte(pem)
		}
		if len(wanted.Authority) == 0 {
			wanted.Authority = services.Authority.PEM()
		}
		client := load.Client{Resolve: func(_ context.Context, name string) ([]netip.Addr, error) {
			return resolve(services, name)
		}}
		if wanted.From != "" {
			from, err := hosts.Resolve(wanted.From)
			if err != nil {
				return control.Response{}, err
			}
			client.Dial = func(ctx context.Context, address string) (net.Conn, error) {
				return network.DialFrom(ctx, from, address)
			}
		}
		result, err := client.Run(ctx, wanted.Plan)
		if err != nil {
			return control.Response{}, err
		}
		return jsonText(result)
	}
}
