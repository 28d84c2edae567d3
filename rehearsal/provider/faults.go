package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// fault is one entry of faults.json: the next `Times` operations that match go wrong.
type fault struct {
	// Type is a resource type; it may end in "*".
	Type string `json:"type"`
	// Op is create, update, delete, read, data or open; empty means any.
	Op string `json:"op"`
	// Match is a part of the object's name or identifier; empty means any.
	Match string `json:"match"`
	// Times is 1 where it is left out.
	Times int `json:"times"`
	// Mode is refuse (nothing is made), partial (it is made, then the call fails), throttle or timeout.
	Mode string `json:"mode"`
	// Error is the message; each mode has its own where it is left out.
	Error string `json:"error"`

	index int
}

const timeoutFaultDelay = 2 * time.Second

var faultTexts = map[string]string{
	"refuse":   "InternalError: the request was refused",
	"partial":  "InternalError: the object was made, but the call failed",
	"throttle": "ThrottlingException: Rate exceeded",
	"timeout":  "RequestTimeout: no answer in time",
}

// loadFaults reads faults.json, which may be absent.
func loadFaults(dir string) ([]fault, error) {
	file := filepath.Join(dir, "faults.json")
	raw, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []fault
	if err := json.Unmarshal(raw, &out); err != nil {
		return nil, fmt.Errorf("faults in %q: %w", file, err)
	}
	for i := range out {
		f := &out[i]
		f.index = i
		if f.Mode == "" {
			f.Mode = "refuse"
		}
		if f.Times == 0 {
			f.Times = 1
		}
		text, known := faultTexts[f.Mode]
		if !known {
			return nil, fmt.Errorf("faults in %q: mode %q of entry %d must be one of refuse, partial, throttle, timeout", file, f.Mode, i)
		}
		if f.Error == "" {
			f.Error = text
		} else if f.Mode == "throttle" && !strings.Contains(f.Error, "ThrottlingException") {
			f.Error = "ThrottlingException: " + f.Error
		}
	}
	return out, nil
}

func (f *fault) matches(kind, op, name string) bool {
	return matchesType(f.Type, kind) && (f.Op == "" || f.Op == op) && strings.Contains(name, f.Match)
}

func (f *fault) message() string { return f.Error + " (a fault injected by the rehearsal)" }

// strike uses up the next fault for an operation, or answers nil. Each use is an exclusively created file, so that
// several processes together use a fault exactly as often as it says.
func (s *server) strike(kind, op, name string) *fault {
	for i := range s.faults {
		f := &s.faults[i]
		if !f.matches(kind, op, name) || !s.useUp(f) {
			continue
		}
		if f.Mode == "timeout" {
			s.pause(timeoutFaultDelay)
		}
		return f
	}
	return nil
}

func (s *server) useUp(f *fault) bool {
	folder := filepath.Join(s.world.root, ".faults")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return false
	}
	identity := shortHash(fmt.Sprint(f.Type, f.Op, f.Match, f.Mode, f.Error))
	for use := 0; use < f.Times; use++ {
		file, err := os.OpenFile(filepath.Join(folder, fmt.Sprintf("%d-%s-%d", f.index, identity, use)), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err == nil {
			_ = file.Close()
			return true
		}
	}
	return false
}
