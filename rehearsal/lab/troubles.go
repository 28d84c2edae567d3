package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"text/tabwriter"
	"time"

	"drover/rehearsal/lab/balance"
	"drover/rehearsal/lab/cloud"
	"drover/rehearsal/lab/control"
	"drover/rehearsal/lab/trouble"
	"drover/rehearsal/lab/world"
)

// troubles switches a trouble on or off, or tells what is on.
func troubles(arguments []string) (int, error) {
	o, err := parse(arguments)
	if err != nil {
		return 0, err
	}
	const nameAndState, withArgument = 2, 3
	if len(o.rest) != 0 && len(o.rest) != nameAndState && len(o.rest) != withArgument {
		return 0, errUsage
	}
	response, err := control.Ask(o.lab(), control.Request{Action: "trouble", Arguments: o.rest})
	if err != nil || len(o.rest) > 0 && !o.json {
		return 0, err
	}
	if o.json {
		return 0, printJSON(response.Text)
	}
	var entries []trouble.Entry
	if err := json.Unmarshal([]byte(response.Text), &entries); err != nil {
		return 0, err
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "TROUBLE\tARGUMENT\tSINCE")
	for _, entry := range entries {
		fmt.Fprintf(table, "%s\t%s\t%s\n", entry.Name, entry.Argument, entry.Since.Format(time.RFC3339))
	}
	return 0, table.Flush()
}

// troubleMaker answers what is on after it has done what was asked.
func troubleMaker(book *trouble.Book) control.Handler {
	return func(_ context.Context, request control.Request) (control.Response, error) {
		if words := request.Arguments; len(words) > 0 {
			if words = append(words, "", ""); words[1] != "on" && words[1] != "off" {
				return control.Response{}, fmt.Errorf("trouble %q is to be %q, allowed are \"on\" and \"off\"", words[0], words[1])
			}
			if err := book.Set(words[0], words[2], words[1] == "on"); err != nil {
				return control.Response{}, err
			}
		}
		return jsonText(book.List())
	}
}

// balancerOf finds the addresses of a load balancer by its own name, a record that leads to it, or one of them.
func balancerOf(w *world.World, services *cloud.Cloud, name string) ([]netip.Addr, error) {
	found, err := resolve(services, name)
	if err != nil {
		return nil, err
	}
	balancers, err := w.List("aws_lb")
	if err != nil {
		return nil, err
	}
	var all []netip.Addr
	for _, one := range balancers {
		all = append(all, balance.Addresses(w, one)...)
	}
	if len(found) == 0 || slices.ContainsFunc(found, func(a netip.Addr) bool { return !slices.Contains(all, a) }) {
		return nil, fmt.Errorf("%q is no load balancer of the lab: give a DNS name or an address of one", name)
	}
	return found, nil
}

// resolve finds a name as the machines' resolver does; an address is itself.
func resolve(services *cloud.Cloud, name string) ([]netip.Addr, error) {
	if address, err := netip.ParseAddr(name); err == nil {
		return []netip.Addr{address}, nil
	}
	found, _, err := services.Names.Find(name)
	return found.Addresses, err
}
