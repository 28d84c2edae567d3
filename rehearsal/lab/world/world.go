// Package world reads and writes the folder that stands for the clouds: one file an object.
//
// Providers and the lab use it at once without a lock: a file appears whole by a link that fails if the name is taken,
// and changes whole by a rename. The form of the files is the simulated provider's (rehearsal/provider/world.go).
package world

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// ErrExists is what Create answers if the world holds an object of that type, scope and key.
var ErrExists = errors.New("an object with this name exists")

// MachineOwner is the provider of an object that a machine made and no state owns.
const MachineOwner = "machine"

// World is a folder of objects.
type World struct {
	root   string
	memory memory
}

// Open names the folder; it may come into being later.
func Open(dir string) *World { return &World{root: dir} }

// Deleted is what is kept of objects that were deleted and can be brought back, such as versions of a Vault's secret.
func (w *World) Deleted() *World { return Open(filepath.Join(w.root, ".deleted")) }

// List gives the objects of a type in the order of their file names.
func (w *World) List(kind string) ([]*Object, error) {
	return w.matching(filepath.Join(w.root, kind, "*.json"))
}

// Find gives the object of a type with this identifier, whatever its scope; nil if there is none.
func (w *World) Find(kind, id string) (*Object, error) {
	found, err := w.matching(filepath.Join(w.root, kind, fileStem(id)+"~*.json"))
	if err != nil {
		return nil, err
	}
	for _, object := range found {
		if object.ID == id {
			return object, nil
		}
	}
	return nil, nil
}

// Put writes an object, whether or not there was one.
func (w *World) Put(o *Object) error { return w.write(o, os.Rename) }

// Create adds an object, or answers ErrExists.
func (w *World) Create(o *Object) error {
	return w.write(o, func(temporary, target string) error {
		if err := os.Link(temporary, target); errors.Is(err, os.ErrExist) {
			return fmt.Errorf("%s %q: %w", o.Type, o.ID, ErrExists)
		} else if err != nil {
			return err
		}
		return os.Remove(temporary)
	})
}

// Remove deletes an object; it may be gone already.
func (w *World) Remove(o *Object) error {
	if err := os.Remove(w.path(o)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

var unsafeInFileName = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// longest part of an identifier that a file name shows; the hash behind it tells two long ones apart.
const shownIDLength = 80

func fileStem(id string) string {
	stem := unsafeInFileName.ReplaceAllString(id, "_")
	if len(stem) > shownIDLength {
		stem = stem[len(stem)-shownIDLength:]
	}
	if strings.HasPrefix(stem, ".") { // such a file would be a note, not an object
		stem = "_" + stem[1:]
	}
	return stem
}

func (w *World) path(o *Object) string {
	key := o.Key
	if key == "" {
		key = o.ID
	}
	sum := sha256.Sum256([]byte(o.Scope + "|" + key))
	return filepath.Join(w.root, o.Type, fileStem(o.ID)+"~"+hex.EncodeToString(sum[:4])+".json")
}

func (w *World) write(o *Object, publish func(temporary, target string) error) error {
	raw, err := json.MarshalIndent(o, "", " ")
	if err != nil {
		return err
	}
	target := w.path(o)
	folder := filepath.Dir(target)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(folder, ".new-*")
	if err != nil {
		return err
	}
	_, err = file.Write(append(raw, '\n'))
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = publish(file.Name(), target)
	}
	if err != nil {
		_ = os.Remove(file.Name())
	}
	return err
}

func (w *World) matching(pattern string) ([]*Object, error) {
	files, err := filepath.Glob(pattern)
	if err != nil {
		return nil, err
	}
	var out []*Object
	for _, file := range files {
		if strings.HasPrefix(filepath.Base(file), ".") {
			continue
		}
		object, err := w.memory.read(file)
		if errors.Is(err, os.ErrNotExist) {
			continue // deleted since the listing
		}
		if err != nil {
			return nil, fmt.Errorf("object of the world %q: %w", file, err)
		}
		out = append(out, object)
	}
	return out, nil
}

func read(path string) (*Object, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	out := &Object{}
	return out, json.Unmarshal(raw, out)
}
