package objects

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"drover/rehearsal/lab/world"
)

func put(t *testing.T, s *Store, key, version, content string) *Version {
	t.Helper()
	out, err := s.Put(Version{Bucket: "bucket", Key: key, ID: version}, []byte(content))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func text(t *testing.T, s *Store, key, version string) string {
	t.Helper()
	found, err := s.Get("bucket", key, version)
	if errors.Is(err, ErrNone) {
		return "none"
	}
	if err != nil {
		t.Fatal(err)
	}
	content, err := found.Read()
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestTheNewestVersionIsReadUnlessOneIsNamed(t *testing.T) {
	s := Open(t.TempDir())
	first := put(t, s, "a/../b", "", "1")
	put(t, s, "a/../b", "named", "2")
	for version, want := range map[string]string{"": "2", first.ID: "1", "named": "2", "../named": "none"} {
		if got := text(t, s, "a/../b", version); got != want {
			t.Errorf("version %q: %q, want %q", version, got, want)
		}
	}
	if got := text(t, s, "b", ""); got != "none" {
		t.Errorf("another key: %q", got)
	}
	put(t, s, "a/../b", "named", "3")
	if got := text(t, s, "a/../b", "named"); got != "2" {
		t.Errorf("a version changed to %q", got)
	}
}

func TestNothingIsWrittenOutsideTheFolder(t *testing.T) {
	dir := t.TempDir()
	s := Open(filepath.Join(dir, "objects"))
	if _, err := s.Put(Version{Bucket: "../..", Key: "../../x", ID: "../../y"}, nil); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("%v, %v", entries, err)
	}
}

func TestTheAssetWithTheRightChecksumIsTaken(t *testing.T) {
	dir := t.TempDir()
	for path, content := range map[string]string{"stacks/a/assets/f": "old", "stacks/b/assets/f": "new", "stacks/c/moved/f": "moved"} {
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	w := world.Open(filepath.Join(dir, "world"))
	add := func(key string, attributes map[string]any) {
		attributes["bucket"], attributes["key"], attributes["version_id"] = "bucket", key, "v"
		if err := w.Create(&world.Object{Type: "aws_s3_object", ID: key, Attrs: attributes}); err != nil {
			t.Fatal(err)
		}
	}
	const newHash = "11507a0e2f5e69d5dfa40a62a1bd7b6ee57e6bcd85c67c9b8431b36fff21c437"
	const movedHash = "a4f4ed6e14ed3df51f4c3b0d5d8c6bb4f2c1e7c1c7b2e6f4f7e2f4c6a5f1b0de"
	add("second", map[string]any{"source": "assets/f", "source_hash": newHash})
	add("inline", map[string]any{"content": "text"})
	add("lost", map[string]any{"source": "assets/f", "source_hash": movedHash})
	s := Open(filepath.Join(dir, "objects"))
	err := s.Import(w, dir, func(string) (string, error) { return "key", nil })
	if err == nil {
		t.Error("a lost asset was not told")
	}
	for key, want := range map[string]string{"second": "new", "inline": "text", "lost": "none"} {
		if got := text(t, s, key, ""); got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
}
