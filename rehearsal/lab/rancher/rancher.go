// Package rancher has the stand-in for Rancher run on the servers of the management cluster, from the moment that the
// world says Rancher is installed there.
package rancher

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"drover/rehearsal/lab/host"
	"drover/rehearsal/lab/world"
)

const (
	interval     = time.Second
	callDeadline = 30 * time.Second
	// managementCluster is the value of the tag drover:cluster of its machines.
	managementCluster = "management"
)

// Config is what the part works with.
type Config struct {
	World    *world.World
	Machines func() []host.Machine
	// Exec runs a command on a machine with that standard input.
	Exec func(ctx context.Context, id string, input io.Reader, command ...string) error
	// Leaf issues a certificate and its key for a name, both PEM.
	Leaf func(name string) (certificate, key []byte, err error)
	// ArtifactURL is where members' machines get RKE2 from.
	ArtifactURL string
	Log         *slog.Logger
}

// Run keeps the stand-in installed and configured until ctx ends.
func Run(ctx context.Context, config Config) {
	known := map[string]string{} // what each machine was given, by its launch
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		if err := config.round(ctx, known); err != nil {
			config.Log.Error("Rancher's stand-in", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (c *Config) round(ctx context.Context, known map[string]string) error {
	settings, err := settingsOf(c.World, c.ArtifactURL)
	if err != nil || settings == nil {
		return err
	}
	text, err := json.MarshalIndent(settings, "", "  ")
	if err != nil {
		return err
	}
	for _, machine := range c.Machines() {
		launch := machine.ID + machine.Launched.String() // a machine that was rebuilt has nothing of it any more
		if !isReadyServer(machine) || known[launch] == digest(text) {
			continue
		}
		if err := c.give(ctx, machine.ID, settings.hostname(), text, known[launch] == ""); err != nil {
			return fmt.Errorf("machine %s: %w", machine.Name, err)
		}
		known[launch] = digest(text)
		c.Log.Info("configured", "machine", machine.Name, "clusters", len(settings.Clusters))
	}
	return nil
}

// isReadyServer says whether a machine is a server of the management cluster that has done its own bootstrap.
func isReadyServer(machine host.Machine) bool {
	var report struct {
		Result string `json:"result"`
	}
	return machine.State == host.Running && machine.MayServe() && machine.Tags[host.ClusterTag] == managementCluster &&
		json.Unmarshal(machine.Bootstrap, &report) == nil && report.Result == "ok"
}

// give writes the configuration, which a running stand-in reads again by itself, and starts one that is new.
func (c *Config) give(ctx context.Context, id, hostname string, settings []byte, isNew bool) error {
	ctx, cancel := context.WithTimeout(ctx, callDeadline)
	defer cancel()
	if isNew {
		certificate, key, err := c.Leaf(hostname)
		if err != nil {
			return err
		}
		files := map[string][]byte{certificateFile: certificate, keyFile: key, unitFile: []byte(unit)}
		for path, content := range files {
			if err := c.write(ctx, id, path, content); err != nil {
				return err
			}
		}
	}
	if err := c.write(ctx, id, settingsFile, settings); err != nil || !isNew {
		return err
	}
	if err := c.Exec(ctx, id, nil, "systemctl", "daemon-reload"); err != nil {
		return err
	}
	return c.Exec(ctx, id, nil, "systemctl", "enable", "--now", unitName)
}

// write replaces a file of a machine whole; it may hold a secret.
func (c *Config) write(ctx context.Context, id, path string, content []byte) error {
	script := `umask 077; mkdir -p "$(dirname "$1")"; cat >"$1.new"; mv "$1.new" "$1"`
	return c.Exec(ctx, id, strings.NewReader(string(content)), "sh", "-ec", script, "sh", path)
}

func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return string(sum[:])
}
