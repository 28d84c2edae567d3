package world

import (
	"context"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"time"
)

// how often the folder is looked at.
const pollInterval = 200 * time.Millisecond

// Changes tells that something in the world changed: once at the start, then at most once for any number of changes
// that the reader has not seen yet. The channel closes when ctx ends.
func (w *World) Changes(ctx context.Context) <-chan struct{} {
	out := make(chan struct{}, 1)
	out <- struct{}{}
	before := w.fingerprint()
	go func() {
		defer close(out)
		ticker := time.NewTicker(pollInterval)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
			now := w.fingerprint()
			if now == before {
				continue
			}
			before = now
			select {
			case out <- struct{}{}:
			default: // the reader has a notification waiting already
			}
		}
	}()
	return out
}

// fingerprint changes with the name, size or time of any object's file.
func (w *World) fingerprint() uint64 {
	sum := fnv.New64a()
	kinds, _ := os.ReadDir(w.root)
	for _, kind := range kinds {
		if kind.Name()[0] == '.' {
			continue
		}
		objects, _ := os.ReadDir(filepath.Join(w.root, kind.Name()))
		for _, object := range objects {
			if filepath.Ext(object.Name()) != ".json" {
				continue
			}
			if info, err := object.Info(); err == nil {
				fmt.Fprintf(sum, "%s/%s %d %d\n", kind.Name(), object.Name(), info.Size(), info.ModTime().UnixNano())
			}
		}
	}
	return sum.Sum64()
}
