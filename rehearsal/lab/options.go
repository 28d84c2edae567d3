package main

import (
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
)

// options of all commands; a command reads those that concern it.
type options struct {
	workspace, cache, programs, readyFile string
	artifacts, artifactURL                string
	json                                  bool
	deadlineSec                           int

	// rebuild
	wipe    bool
	without words
	// terminate
	decrement bool
	// load
	rate, seconds  int
	keepAlive      bool
	caFile, caFrom string
	from           string

	// rest is what follows the options; command what follows "--".
	rest, command []string
}

// words is an option that may be given several times.
type words []string

func (w *words) String() string { return strings.Join(*w, " ") }

func (w *words) Set(word string) error {
	*w = append(*w, word)
	return nil
}

func parse(arguments []string) (options, error) {
	var o options
	if split := slices.Index(arguments, "--"); split >= 0 {
		o.command, arguments = arguments[split+1:], arguments[:split]
	}
	flags := flag.NewFlagSet("drover-lab", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.workspace, "workspace", "", "the rehearsal's folder")
	flags.StringVar(&o.cache, "cache", "/var/cache/drover/hosts", "where the hosts' image is kept")
	flags.StringVar(&o.programs, "programs", "", "folder that hosts see at /opt/drover-lab/bin")
	flags.StringVar(&o.readyFile, "ready-file", "", "written when the lab answers")
	flags.StringVar(&o.artifacts, "artifacts", "", "folder that holds a folder for each release of RKE2")
	flags.StringVar(&o.artifactURL, "artifact-url", "", "address that machines ask for releases of RKE2")
	flags.BoolVar(&o.json, "json", false, "print JSON")
	flags.IntVar(&o.deadlineSec, "deadline", 0, "seconds")
	flags.BoolVar(&o.wipe, "wipe", false, "empty the data disks")
	flags.Var(&o.without, "without", "a command whose package the new machine lacks")
	flags.BoolVar(&o.decrement, "decrement", false, "launch no other machine in its place")
	flags.IntVar(&o.rate, "rate", 0, "requests a second")
	flags.IntVar(&o.seconds, "seconds", 0, "how long to ask")
	flags.BoolVar(&o.keepAlive, "keep-alive", false, "use connections again")
	flags.StringVar(&o.caFile, "ca-file", "", "the authority of an https server, PEM")
	flags.StringVar(&o.caFrom, "ca-from", "", "the same, MACHINE:/PATH")
	flags.StringVar(&o.from, "from", "", "the machine that asks")
	for len(arguments) > 0 { // options may stand on either side of the machine
		if err := flags.Parse(arguments); err != nil {
			return o, fmt.Errorf("%w: %w", errUsage, err)
		}
		if arguments = flags.Args(); len(arguments) > 0 {
			o.rest, arguments = append(o.rest, arguments[0]), arguments[1:]
		}
	}
	if o.workspace == "" {
		return o, errUsage
	}
	for _, path := range []*string{&o.workspace, &o.cache, &o.programs, &o.readyFile, &o.artifacts, &o.caFile} {
		if *path == "" {
			continue
		}
		absolute, err := filepath.Abs(*path)
		if err != nil {
			return o, err
		}
		*path = absolute
	}
	if o.programs == "" {
		o.programs = filepath.Join(o.lab(), "bin")
	}
	if o.artifacts == "" {
		o.artifacts = filepath.Join(o.lab(), "artifacts")
	}
	return o, nil
}

// inside are the arguments of the lab's process inside of its namespaces, with the image's folder as cache.
func (o options) inside(image string) []string {
	return []string{
		"first", "--workspace", o.workspace, "--cache", image, "--programs", o.programs, "--ready-file", o.readyFile,
		"--artifacts", o.artifacts, "--artifact-url", o.artifactURL,
	}
}

func (o options) lab() string { return filepath.Join(o.workspace, "lab") }
