package main

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

// world is the folder that stands for the clouds: one file an object. Several providers' processes use it at once
// without a lock: a file appears whole by a link that fails if the name is taken, and changes whole by a rename.
type world struct {
	root string
}

// record is one object of the world.
type record struct {
	Type     string         `json:"type"`
	ID       string         `json:"id"`
	Key      string         `json:"key,omitempty"`
	Provider string         `json:"provider"`
	Scope    string         `json:"scope"`
	Attrs    map[string]any `json:"attrs"`
	// Secrets are the write-only arguments: the cloud holds them, no state does.
	Secrets map[string]any `json:"secrets,omitempty"`
	// Live is what a machine or the cloud changed since and Terraform does not look at.
	Live map[string]any `json:"live,omitempty"`
}

// machineOwner is the provider of a record that a machine made and no state owns.
const machineOwner = "machine"

var errTaken = errors.New("the name is taken")

func newWorld(dir string) (*world, error) {
	w := &world{root: filepath.Join(dir, "world")}
	return w, os.MkdirAll(w.root, 0o700)
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

func shortHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:4])
}

func (r *record) key() string {
	if r.Key != "" {
		return r.Key
	}
	return r.ID
}

func (w *world) path(kind, scope, id, key string) string {
	return filepath.Join(w.root, kind, fileStem(id)+"~"+shortHash(scope+"|"+key)+".json")
}

func (w *world) pathOf(r *record) string { return w.path(r.Type, r.Scope, r.ID, r.key()) }

// tombstone remembers a generated identifier for ever: a cloud gives none out twice.
func (w *world) tombstone(r *record) string {
	return filepath.Join(w.root, ".dead", r.Type+"~"+filepath.Base(w.pathOf(r)))
}

// create adds an object, or answers errTaken.
func (w *world) create(r *record, generated bool) error {
	if generated {
		if _, err := os.Stat(w.tombstone(r)); err == nil {
			return errTaken
		}
	}
	return w.write(r, func(temporary, target string) error {
		if err := os.Link(temporary, target); errors.Is(err, os.ErrExist) {
			return errTaken
		} else if err != nil {
			return err
		}
		return os.Remove(temporary)
	})
}

// put replaces an object.
func (w *world) put(r *record) error { return w.write(r, os.Rename) }

func (w *world) write(r *record, publish func(temporary, target string) error) error {
	return w.writeTo(w.pathOf(r), r, publish)
}

func (w *world) writeTo(target string, r *record, publish func(temporary, target string) error) error {
	raw, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	folder := filepath.Dir(target)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(folder, ".new-*")
	if err != nil && errors.Is(err, os.ErrNotExist) { // another process has just removed the empty folder
		if err = os.MkdirAll(folder, 0o700); err == nil {
			file, err = os.CreateTemp(folder, ".new-*")
		}
	}
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

func readRecord(path string) (*record, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	out := &record{}
	if err := decodeJSON(raw, out); err != nil {
		return nil, fmt.Errorf("object of the world %q: %w", path, err)
	}
	if out.Attrs == nil {
		out.Attrs = map[string]any{}
	}
	return out, nil
}

// get finds an object; nil if there is none.
func (w *world) get(kind, scope, id, key string) (*record, error) {
	if key == "" {
		key = id
	}
	out, err := readRecord(w.path(kind, scope, id, key))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	return out, err
}

// remove deletes an object; it may be gone already.
func (w *world) remove(r *record, generated bool) error {
	path := w.pathOf(r)
	if generated {
		tombstone := w.tombstone(r)
		if err := os.MkdirAll(filepath.Dir(tombstone), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(tombstone, nil, 0o600); err != nil {
			return err
		}
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	_ = os.Remove(filepath.Dir(path)) // succeeds only when it was the last of its type
	return nil
}

// all lists a type's objects ("*" for every type), in the order of their file names.
func (w *world) all(kind string) ([]*record, error) {
	return w.matching(filepath.Join(w.root, kind, "*.json"))
}

// byID lists the objects of a type with this identifier, whatever their scope.
func (w *world) byID(kind, id string) ([]*record, error) {
	found, err := w.matching(filepath.Join(w.root, kind, fileStem(id)+"~*.json"))
	var out []*record
	for _, r := range found {
		if r.ID == id {
			out = append(out, r)
		}
	}
	return out, err
}

func (w *world) matching(pattern string) ([]*record, error) {
	files, err := filepath.Glob(pattern)
	if err != nil {
		return nil, err
	}
	var out []*record
	for _, file := range files {
		if strings.HasPrefix(filepath.Base(filepath.Dir(file)), ".") {
			continue
		}
		r, err := readRecord(file)
		if errors.Is(err, os.ErrNotExist) {
			continue // deleted since the listing
		}
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// one is the single object of a type with this identifier, or nil.
func (w *world) one(kind, id string) (*record, error) {
	found, err := w.byID(kind, id)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}
