package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"drover/rehearsal/lab/image"
)

// prepare makes the file system of the hosts, so that no lab has to wait for it, and prints its folder.
func prepare(arguments []string) (int, error) {
	o, err := parse(arguments)
	if err != nil {
		return 0, err
	}
	if err := checkMachine(); err != nil {
		return 0, err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	folder, err := image.Ensure(ctx, o.cache, slog.New(slog.NewTextHandler(os.Stderr, nil)))
	if err == nil {
		fmt.Println(folder)
	}
	return 0, err
}
