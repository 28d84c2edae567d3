// Package objects keeps the versions of the S3 objects: those of the world, whose bytes lie among the synthesized
// assets, and those that machines put.
package objects

import (
	"crypto/md5" // S3's entity tag of an object that was put in one part
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Version is one state of an object.
type Version struct {
	Bucket      string    `json:"bucket"`
	Key         string    `json:"key"`
	ID          string    `json:"version"`
	ContentType string    `json:"contentType"`
	ETag        string    `json:"etag"`
	Stored      time.Time `json:"stored"`
	// Encryption is the ARN of the key that it was encrypted with; empty if S3's own.
	Encryption string `json:"encryption,omitempty"`

	path string
}

// Store is a folder of objects: <bucket>/<hash of the key>/<version>.json with the bytes beside it.
type Store struct {
	root string
	// one write at a time keeps the order of the versions.
	mutex sync.Mutex
}

// Open names the folder.
func Open(dir string) *Store { return &Store{root: dir} }

// ErrNone is the answer where there is no such object, or no such version of it.
var ErrNone = errors.New("no such object")

func (s *Store) folder(bucket, key string) string {
	sum := sha256.Sum256([]byte(key))
	return filepath.Join(s.root, fileName(bucket), hex.EncodeToString(sum[:16]))
}

func fileName(text string) string {
	sum := sha256.Sum256([]byte(text))
	for _, letter := range text {
		if letter != '-' && letter != '.' && (letter < '0' || letter > '9') && (letter < 'a' || letter > 'z') {
			return hex.EncodeToString(sum[:])
		}
	}
	if text == "" || text[0] == '.' {
		return hex.EncodeToString(sum[:])
	}
	return text
}

// Put stores a version; one without an identifier gets a new one, an identifier that is stored already stays as it is.
func (s *Store) Put(version Version, content []byte) (*Version, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if version.ID == "" {
		raw := make([]byte, 16)
		if _, err := rand.Read(raw); err != nil {
			return nil, err
		}
		version.ID = hex.EncodeToString(raw)
	}
	folder := s.folder(version.Bucket, version.Key)
	description := filepath.Join(folder, fileName(version.ID)+".json")
	if known, err := readVersion(description); err == nil {
		return known, nil
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	sum := md5.Sum(content)
	version.ETag = hex.EncodeToString(sum[:])
	version.Stored = time.Now().UTC()
	version.path = bytesOf(description)
	if err := write(version.path, content); err != nil {
		return nil, err
	}
	raw, err := json.Marshal(version)
	if err != nil {
		return nil, err
	}
	return &version, write(description, raw)
}

// Get finds a version, the newest one if version is empty; ErrNone if there is none.
func (s *Store) Get(bucket, key, version string) (*Version, error) {
	folder := s.folder(bucket, key)
	if version != "" {
		found, err := readVersion(filepath.Join(folder, fileName(version)+".json"))
		if errors.Is(err, os.ErrNotExist) {
			return nil, ErrNone
		}
		return found, err
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		return nil, err
	}
	var newest *Version
	for _, file := range files {
		found, err := readVersion(file)
		if err != nil {
			return nil, err
		}
		if newest == nil || found.Stored.After(newest.Stored) {
			newest = found
		}
	}
	if newest == nil {
		return nil, ErrNone
	}
	return newest, nil
}

// Read gives the bytes of a version.
func (v *Version) Read() ([]byte, error) { return os.ReadFile(v.path) }

func readVersion(description string) (*Version, error) {
	raw, err := os.ReadFile(description)
	if err != nil {
		return nil, err
	}
	out := &Version{}
	if err := json.Unmarshal(raw, out); err != nil {
		return nil, fmt.Errorf("stored object %q: %w", description, err)
	}
	out.path = bytesOf(description)
	return out, nil
}

func bytesOf(description string) string {
	return description[:len(description)-len(".json")] + ".bytes"
}

func write(path string, content []byte) error {
	temporary := path + ".new"
	if err := os.WriteFile(temporary, content, 0o600); err != nil {
		return err
	}
	return os.Rename(temporary, path)
}
