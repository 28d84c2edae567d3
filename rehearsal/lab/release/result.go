package release

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"drover/rehearsal/lab/cloud/registry"
)

// Status is what became of a release.
type Status string

// The states of a release.
const (
	// Installing is one that Helm works on.
	Installing Status = "installing"
	Deployed   Status = "deployed"
	Failed     Status = "failed"
	// Recorded is one whose chart is not here: it stands in the world only.
	Recorded Status = "recorded"
)

// Result is the content of lab/releases/<stem>.json; the stem is that of the object's file in the world.
type Result struct {
	Name      string `json:"name"`
	Namespace string `json:"namespace"`
	// Cluster is the name of the cluster; empty if the world does not know it.
	Cluster string `json:"cluster"`
	Chart   string `json:"chart"`
	Status  Status `json:"status"`
	// Revision is Helm's; 0 where nothing was installed.
	Revision int `json:"revision"`
	// Message is why it failed.
	Message string `json:"message"`
	// Asked names the request that this is the result of.
	Asked string `json:"asked"`
	// Seconds are how long Helm took, readiness included.
	Seconds float64          `json:"seconds"`
	Images  []registry.Image `json:"images,omitempty"`
}

func (r Result) isDone() bool { return r.Status != Installing }

// store is the folder of the results.
type store struct {
	dir string
}

func (s store) open() error { return os.MkdirAll(s.dir, 0o700) }

func (s store) path(stem string) string { return filepath.Join(s.dir, stem+".json") }

// all are the results by their stems.
func (s store) all() (map[string]Result, error) {
	files, err := filepath.Glob(filepath.Join(s.dir, "*.json"))
	if err != nil {
		return nil, err
	}
	out := map[string]Result{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if errors.Is(err, os.ErrNotExist) {
			continue // taken away since the listing
		}
		var result Result
		if err == nil {
			err = json.Unmarshal(raw, &result)
		}
		if err != nil {
			return nil, errResult(file, err)
		}
		out[strings.TrimSuffix(filepath.Base(file), ".json")] = result
	}
	return out, nil
}

func (s store) put(stem string, result Result) error { return writeJSON(s.path(stem), result) }

func (s store) remove(stem string) error { return removeIfThere(s.path(stem)) }

// Images are those that the releases of a lab's folder name.
func Images(dir string) ([]registry.Image, error) {
	results, err := store{dir: dir}.all()
	var out []registry.Image
	for _, result := range results {
		out = append(out, result.Images...)
	}
	return out, err
}

// writeJSON replaces a file in one step, so that a reader never sees half of it.
func writeJSON(path string, value any) error {
	raw, err := json.MarshalIndent(value, "", " ")
	if err != nil {
		return err
	}
	unfinished := path + ".new" // a name that a listing of the results passes over
	if err := os.WriteFile(unfinished, append(raw, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(unfinished, path)
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
