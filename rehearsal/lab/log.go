package main

import (
	"log/slog"
	"os"
	"path/filepath"
)

// openLog appends events to the lab's log, one JSON object a line.
func openLog(lab string) (*slog.Logger, func(), error) {
	file, err := os.OpenFile(filepath.Join(lab, "log", "lab.jsonl"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, nil, err
	}
	handler := slog.NewJSONHandler(file, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Value.Kind() == slog.KindAny && a.Value.Any() == nil { // "error": null says nothing
			return slog.Attr{}
		}
		return a
	}})
	return slog.New(handler), func() { _ = file.Close() }, nil
}
