// Package command is RKE2's command line.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime"
	"syscall"

	"google.golang.org/grpc/grpclog"

	"drover/rehearsal/kube/config"
	"drover/rehearsal/kube/serve"
	"drover/rehearsal/kube/version"
)

const usage = `rke2 stands in for RKE2 in a rehearsal: Kubernetes' own components, without RKE2.
  rke2 server [--config FILE] [--KEY VALUE]...
  rke2 agent  [--config FILE] [--KEY VALUE]...
  rke2 token rotate --token OLD --new-token NEW [--server URL]
  rke2 --version
`

// Exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// Run does what the arguments say and returns the exit code.
func Run(arguments []string, out, failures io.Writer) int {
	if len(arguments) == 0 {
		fmt.Fprint(failures, usage)
		return exitUsage
	}
	var err error
	switch verb := arguments[0]; verb {
	case "--version", "-v":
		fmt.Fprintf(out, "rke2 version %s (%s)\ngo version %s\n", version.Version, version.Source, runtime.Version())
	case "--help", "-h", "help":
		fmt.Fprint(out, usage)
	case "server":
		err = run(config.Server, arguments[1:], failures, serve.Server)
	case "agent":
		err = run(config.Agent, arguments[1:], failures, serve.Agent)
	case "token":
		err = rotate(arguments[1:])
	default:
		fmt.Fprintf(failures, "'%s' is no command of rke2\n%s", verb, usage)
		return exitUsage
	}
	if err != nil {
		fmt.Fprintf(failures, "fatal: %v\n", err)
		return exitFailed
	}
	return exitDone
}

func run(role config.Role, flags []string, log io.Writer, serve func(context.Context, *config.Config) error) error {
	slog.SetDefault(slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{ReplaceAttr: withoutTime})))
	// etcd's client would tell of every connection that it tries
	grpclog.SetLoggerV2(grpclog.NewLoggerV2(io.Discard, io.Discard, io.Discard))
	if os.Geteuid() != 0 {
		return errors.New("rke2 must be run as root")
	}
	settings, err := config.Load(role, flags)
	if err != nil {
		return err
	}
	slog.Info("starting", "role", role, "version", version.Version, "node", settings.NodeName, "address", settings.NodeIP)
	if len(settings.Ignored) > 0 {
		slog.Info("settings without effect in a rehearsal", "keys", settings.Ignored)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	return serve(ctx, settings)
}

// withoutTime leaves the time to the journal.
func withoutTime(groups []string, attribute slog.Attr) slog.Attr {
	if len(groups) == 0 && attribute.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return attribute
}
