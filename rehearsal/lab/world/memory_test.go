package world

import (
	"os"
	"path/filepath"
	"testing"
)

func TestAReplacedFileIsReadAgainAndACopyIsItsCallersOwn(t *testing.T) {
	w := Open(t.TempDir())
	put := func(value string) {
		t.Helper()
		if err := w.Put(&Object{Type: "thing", ID: "a", Attrs: map[string]any{"value": value}}); err != nil {
			t.Fatal(err)
		}
	}
	find := func() *Object {
		t.Helper()
		object, err := w.Find("thing", "a")
		if err != nil || object == nil {
			t.Fatalf("found %v, error %v", object, err)
		}
		return object
	}
	put("one")
	first := find()
	first.Attrs["value"] = "changed by its caller"
	if got := Text(find(), "value"); got != "one" {
		t.Fatalf("the caller's change is the world's: %q", got)
	}
	// as long as the one before, and within the same tick of a clock
	put("two")
	if got := Text(find(), "value"); got != "two" {
		t.Fatalf("after the change the world says %q", got)
	}
	if err := os.RemoveAll(filepath.Join(w.root, "thing")); err != nil {
		t.Fatal(err)
	}
	if object, err := w.Find("thing", "a"); object != nil || err != nil {
		t.Fatalf("after its end it is %v, error %v", object, err)
	}
}

func BenchmarkList(b *testing.B) {
	w := Open(b.TempDir())
	for _, id := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		if err := w.Put(&Object{Type: "thing", ID: id, Attrs: map[string]any{"value": id, "list": []any{"x", "y"}}}); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if _, err := w.List("thing"); err != nil {
			b.Fatal(err)
		}
	}
}
