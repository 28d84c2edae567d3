package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"drover/rehearsal/lab/control"
	"drover/rehearsal/lab/host"
	"drover/rehearsal/lab/image"
	"drover/rehearsal/lab/login"
	"drover/rehearsal/lab/network"
	"drover/rehearsal/lab/reconcile"
	"drover/rehearsal/lab/world"
)

// how long all hosts together may take to shut down when the lab ends.
const closeDeadline = 20 * time.Second

// daemon is the lab itself; it runs inside of its namespaces. --cache is the image's folder here.
func daemon(arguments []string) (int, error) {
	o, err := parse(arguments)
	if err != nil {
		return 0, err
	}
	log, closeLog, err := openLog(o.lab())
	if err != nil {
		return 0, err
	}
	defer closeLog()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	began := time.Now()

	w := world.Open(filepath.Join(o.workspace, "world"))
	made := image.At(o.cache)
	layer := filepath.Join(o.lab(), "layer")
	authority, err := openAuthority(o)
	if err != nil {
		return 0, err
	}
	if err := image.Layer(layer, made.Root, authority.PEM()); err != nil {
		return 0, err
	}
	cables, err := network.NewSwitch(ctx)
	if err != nil {
		return 0, err
	}
	groups, err := host.OpenCgroups(groupName(o.lab()))
	if err != nil {
		return 0, err
	}
	hosts, err := host.New(host.Config{
		Dir: o.lab(), Layers: []string{layer, made.Root}, Programs: o.programs, Self: "/proc/self/exe", Cgroups: groups,
		Switch: cables, Log: log,
		Keys:  func() (*login.Keys, error) { return login.Open(filepath.Join(o.workspace, login.Folder)) },
		Place: func(subnet string) (network.Place, error) { return reconcile.Place(w, subnet) },
	})
	if err != nil {
		return 0, err
	}

	// the parts end before the hosts do: none must replace a machine that the lab's end switches off
	working, endWork := context.WithCancel(ctx)
	defer endWork()
	var parts sync.WaitGroup
	others, err := startParts(working, o, lab{world: w, hosts: hosts, cables: cables, log: log, mirror: made.Mirror})
	if err != nil {
		return 0, err
	}
	if err := hosts.Resume(working); err != nil {
		log.Error("not all machines are on again", "error", err)
	}
	parts.Go(func() { hosts.Follow(working) })
	parts.Go(func() { (&reconcile.Reconciler{World: w, Hosts: hosts, Log: log}).Run(working) })

	endParts := sync.OnceFunc(func() {
		endWork()
		parts.Wait()
		others.wait()
	})
	answering, endAnswers := context.WithCancel(context.Background())
	defer endAnswers()
	server := &control.Server{Log: log}
	handle(server, hosts, others, func() error {
		endParts()
		err := hosts.Destroy()
		stop()
		return err
	})
	if err := server.Listen(answering, o.lab()); err != nil {
		return 0, err
	}
	if o.readyFile != "" {
		if err := os.WriteFile(o.readyFile, []byte("ready\n"), 0o600); err != nil {
			return 0, err
		}
	}
	log.Info("the lab answers", "seconds", time.Since(began).Seconds())

	<-ctx.Done()
	endParts()
	closing, cancel := context.WithTimeout(context.Background(), closeDeadline)
	defer cancel()
	err = hosts.Close(closing)
	endAnswers()
	server.Wait()
	return 0, errors.Join(err)
}
