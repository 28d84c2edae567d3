package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"time"
)

// event is one line of events.jsonl.
type event struct {
	// T is in milliseconds since 1970.
	T        int64  `json:"t"`
	Op       string `json:"op"`
	Type     string `json:"type,omitempty"`
	ID       string `json:"id,omitempty"`
	Provider string `json:"provider"`
	Error    string `json:"error,omitempty"`
}

// record appends an event; one write of one line keeps the lines of several processes apart. A rehearsal does not fail
// because its log can't be written.
func (s *server) record(op, kind, id, problem string) {
	line, err := json.Marshal(event{T: time.Now().UnixMilli(), Op: op, Type: kind, ID: id, Provider: s.name, Error: problem})
	if err != nil {
		return
	}
	file, err := os.OpenFile(filepath.Join(s.dir, "events.jsonl"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return
	}
	_, _ = file.Write(append(line, '\n'))
	_ = file.Close()
}
