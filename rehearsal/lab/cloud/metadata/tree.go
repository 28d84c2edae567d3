package metadata

import (
	"slices"
	"strings"
)

// tree holds the service's values by path; folders follow from the paths.
type tree map[string]string

// find is the value at a path, or the listing of a folder.
func (t tree) find(path string) (string, bool) {
	if value, found := t[path]; found {
		return value, true
	}
	folder := strings.TrimSuffix(path, "/")
	if folder != "" {
		folder += "/"
	}
	var names []string
	for known := range t {
		rest, inside := strings.CutPrefix(known, folder)
		if !inside || rest == "" {
			continue
		}
		name, _, deeper := strings.Cut(rest, "/")
		if deeper {
			name += "/"
		}
		names = append(names, name)
	}
	if len(names) == 0 {
		return "", false
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), "\n"), true
}

// add puts values below a folder; empty ones are left out, as the service has no empty values.
func (t tree) add(folder string, values map[string]string) {
	for name, value := range values {
		if value != "" {
			t[folder+name] = value
		}
	}
}
