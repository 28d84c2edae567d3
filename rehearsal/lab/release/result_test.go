package release

import (
	"path/filepath"
	"sync"
	"testing"
)

// A result that is being written was once taken for one of a release that had left the world: it was uninstalled.
func TestResultsAreReadWholeWhileTheyAreWritten(t *testing.T) {
	results := store{dir: filepath.Join(t.TempDir(), "releases")}
	must(t, results.open())
	must(t, results.put("front", Result{Name: "front"}))
	var writers sync.WaitGroup
	writers.Go(func() {
		for range 2000 {
			if err := results.put("front", Result{Name: "front", Message: "once more"}); err != nil {
				t.Error(err)
				return
			}
		}
	})
	for range 2000 {
		all, err := results.all()
		if err != nil || len(all) != 1 || all["front"].Name != "front" {
			t.Errorf("results %v, %v", all, err)
			break
		}
	}
	writers.Wait()
}
