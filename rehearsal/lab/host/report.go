package host

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"time"
)

// Follow copies what machines report of their bootstrap until ctx ends.
func (h *Hosts) Follow(ctx context.Context) {
	ticker := time.NewTicker(300 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		for _, machine := range h.Machines() {
			if machine.State == Running {
				h.copyReport(machine)
			}
		}
	}
}

func (h *Hosts) copyReport(machine Machine) {
	raw, err := h.report(machine.ID)
	if err != nil || !json.Valid(raw) || sameJSON(raw, machine.Bootstrap) {
		return // there is none yet, or nothing new
	}
	g, err := h.find(machine.ID)
	if err == nil {
		err = h.change(g, func(now *Machine) {
			if now.Launched.Equal(machine.Launched) { // else the report is that of the machine before
				now.Bootstrap = raw
			}
		})
	}
	var said struct {
		Result string `json:"result"`
	}
	if json.Unmarshal(raw, &said) == nil {
		h.Log.Info("bootstrap", "machine", machine.ID, "name", machine.Name, "result", said.Result,
			"seconds", time.Since(machine.Launched).Seconds(), "error", err)
	}
}

// report reads the host's file from outside; a link of the host leads nowhere outside of it.
func (h *Hosts) report(id string) ([]byte, error) {
	const name = "drover/bootstrap.json"
	real, err := os.OpenRoot(h.realStateOf(id))
	if err == nil {
		defer real.Close()
		return real.ReadFile(name)
	}
	folder, err := os.OpenRoot(root{folder: h.folder(id)}.upper())
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	return folder.ReadFile(filepath.Join(stateFolder, name))
}
