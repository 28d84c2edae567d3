// Command rancher-standin is what a rehearsal has instead of Rancher: the part of it that machines meet when they join.
//
//	rancher-standin server --listen :443 --config FILE
//	rancher-standin agent [--config FILE]    (installed on machines as rancher-system-agent)
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"drover/rehearsal/rancher/agent"
	"drover/rehearsal/rancher/server"
)

const usage = "usage: rancher-standin server|agent [flags]; -h of each lists its flags"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	if err := run(ctx, log, os.Args[1:]); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return
		}
		log.Error("stopped", "error", err.Error())
		os.Exit(1)
	}
}

func run(ctx context.Context, log *slog.Logger, arguments []string) error {
	if len(arguments) == 0 {
		return errors.New(usage)
	}
	switch arguments[0] {
	case "server":
		return runServer(ctx, log, arguments[1:])
	case "agent":
		return runAgent(ctx, log, arguments[1:])
	default:
		return fmt.Errorf("there is no command '%s'; %s", arguments[0], usage)
	}
}

func runServer(ctx context.Context, log *slog.Logger, arguments []string) error {
	own, err := os.Executable()
	if err != nil {
		return err
	}
	host, err := os.Hostname()
	if err != nil {
		return err
	}
	options := server.Options{Log: log}
	flags := flag.NewFlagSet("server", flag.ContinueOnError)
	flags.StringVar(&options.Listen, "listen", ":443", "address to serve TLS on")
	flags.StringVar(&options.ConfigFile, "config", "/etc/rancher/standin.json", "configuration, read again when it changes")
	flags.StringVar(&options.AgentBinary, "agent-binary", own, "file that machines get as their agent")
	flags.DurationVar(&options.MissingAfter, "missing-after", 0, "how long a machine's node may be gone before the machine is removed, in clusters that have 'missingAfter'; 0: as each cluster says")
	flags.DurationVar(&options.OfflineAfter, "offline-after", 20*time.Second, "silence after which a machine is not joined through any more")
	flags.DurationVar(&options.Every, "every", time.Second, "pause between two rounds of the planner")
	flags.StringVar(&options.Holder, "holder", fmt.Sprintf("%s-%d", host, os.Getpid()), "name of this server in the lease")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	made, err := server.New(options)
	if err != nil {
		return err
	}
	return made.Run(ctx)
}

func runAgent(ctx context.Context, log *slog.Logger, arguments []string) error {
	options := agent.Options{Log: log, Architecture: runtime.GOARCH}
	config := os.Getenv("CATTLE_AGENT_CONFIG")
	if config == "" {
		config = "/etc/rancher/agent/config.yaml"
	}
	flags := flag.NewFlagSet("agent", flag.ContinueOnError)
	flags.StringVar(&options.ConfigFile, "config", config, "file that the installer wrote")
	flags.StringVar(&options.Root, "root", "", "prefix of every path, used by tests")
	flags.DurationVar(&options.Every, "every", time.Second, "pause between two reports")
	flags.StringVar(&options.Kubelet, "kubelet", agent.DefaultKubelet, "address of the kubelet's health")
	flags.StringVar(&options.Supervisor, "supervisor", agent.DefaultSupervisor, "address of the server's CA")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	made, err := agent.New(options)
	if err != nil {
		return err
	}
	return made.Run(ctx)
}
