package world

import (
	"path/filepath"
	"strings"
)

// Stem is the name of an object's file without its ending: who keeps something beside an object calls it so.
func Stem(o *Object) string {
	return strings.TrimSuffix(filepath.Base((&World{}).path(o)), ".json")
}
