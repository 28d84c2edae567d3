// Command app stands in for the program of every application's image in a rehearsal with hosts.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "get" {
		os.Exit(get(os.Args[2:], os.Stdout, os.Stderr))
	}
	if err := run(os.Stdout); err != nil {
		fmt.Fprintf(os.Stderr, "app: %v\n", err)
		os.Exit(1)
	}
}

// run serves until it is told to end. Arguments are those of the real program, and mean nothing here.
func run(log io.Writer) error {
	settings, err := settingsFrom(os.Getenv)
	if err != nil {
		return err
	}
	if settings.host, err = os.Hostname(); err != nil {
		return err
	}
	told, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	return serve(told, settings, log)
}
