package world

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"
)

func instance(id string) *Object {
	return &Object{Type: "aws_instance", ID: id, Scope: "eu-west-1", Attrs: map[string]any{
		"tags":             map[string]any{"Name": "dev-shop-s1"},
		"metadata_options": []any{map[string]any{"http_put_response_hop_limit": 1, "http_tokens": "required"}},
		"subnets":          []any{"subnet-1", "subnet-2"},
		"monitoring":       true,
	}}
}

func put(t *testing.T, w *World, o *Object) {
	t.Helper()
	if err := w.Put(o); err != nil {
		t.Fatal(err)
	}
}

func TestAnObjectIsFoundByItsIdentifierUnderTheProvidersFileName(t *testing.T) {
	w := Open(t.TempDir())
	put(t, w, instance("i-0a"))
	put(t, w, instance("i-0b"))

	found, err := w.Find("aws_instance", "i-0a")
	if err != nil || found == nil || found.ID != "i-0a" {
		t.Fatalf("found %+v, %v", found, err)
	}
	// printf 'eu-west-1|i-0a' | sha256sum, first eight digits: what the provider does
	if _, err := os.Stat(filepath.Join(w.root, "aws_instance", "i-0a~49862a7b.json")); err != nil {
		names, _ := os.ReadDir(filepath.Join(w.root, "aws_instance"))
		t.Fatalf("%v; the files are %v", err, names)
	}
	if missing, err := w.Find("aws_instance", "i-0c"); missing != nil || err != nil {
		t.Fatalf("found %+v, %v", missing, err)
	}
	all, err := w.List("aws_instance")
	if err != nil || len(all) != 2 {
		t.Fatalf("listed %d, %v", len(all), err)
	}
}

func TestCreatingAnObjectTwiceIsRefused(t *testing.T) {
	w := Open(t.TempDir())
	if err := w.Create(instance("i-0a")); err != nil {
		t.Fatal(err)
	}
	if err := w.Create(instance("i-0a")); !errors.Is(err, ErrExists) {
		t.Fatalf("got %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(w.root, "*", ".new-*")); len(left) != 0 {
		t.Fatalf("left behind: %v", left)
	}
}

func TestAWriteKeepsMembersThatThisPackageDoesNotKnow(t *testing.T) {
	w := Open(t.TempDir())
	raw := `{"type":"aws_ssm_parameter","id":"/a","provider":"aws","scope":"eu-west-1","novel":{"x":[1]},
		"attrs":{"value":"old","tier":9007199254740993},"secrets":{"value_wo":"s"},"live":{"version":2}}`
	o := &Object{}
	if err := json.Unmarshal([]byte(raw), o); err != nil {
		t.Fatal(err)
	}
	o.Secrets["value_wo"] = "changed"
	put(t, w, o)

	written, err := os.ReadFile(w.path(o))
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(written, &got); err != nil {
		t.Fatal(err)
	}
	if got["provider"] != "aws" || At(got, "novel.x.0") != 1.0 || At(got, "secrets.value_wo") != "changed" {
		t.Fatalf("wrote %s", written)
	}
	again, err := w.Find("aws_ssm_parameter", "/a")
	if err != nil || Text(again, "tier") != "9007199254740993" {
		t.Fatalf("the number became %q, %v", Text(again, "tier"), err)
	}
}

func TestAnObjectOfAMachineSaysThatNoStateOwnsIt(t *testing.T) {
	raw, err := json.Marshal(&Object{Type: "aws_ssm_parameter", ID: "/a", Scope: "eu-west-1"})
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(raw, &got); err != nil || got["provider"] != MachineOwner {
		t.Fatalf("wrote %s, %v", raw, err)
	}
}

func TestAPathReachesIntoListsAndMaps(t *testing.T) {
	w := Open(t.TempDir())
	put(t, w, instance("i-0a"))
	o, _ := w.Find("aws_instance", "i-0a")
	for path, want := range map[string]string{
		"metadata_options.0.http_tokens":                 "required",
		"metadata_options.0.http_put_response_hop_limit": "1",
		"metadata_options.1.http_tokens":                 "",
		"tags.Name":                                      "dev-shop-s1",
		"tags.Name.deeper":                               "",
		"monitoring":                                     "true",
	} {
		if got := Text(o, path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
	if Int(o, "metadata_options.0.http_put_response_hop_limit") != 1 || Texts(o, "tags")["Name"] != "dev-shop-s1" {
		t.Error("numbers or maps are not read")
	}
	if list := List(o, "subnets"); len(list) != 2 || list[1] != "subnet-2" {
		t.Errorf("list is %v", list)
	}
}

func TestChangesAreToldOnceForMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // its clock stands still while anybody works
		w := Open(t.TempDir())
		changes := w.Changes(t.Context())
		<-changes // the first one says: look

		isTold := func() bool {
			time.Sleep(3 * pollInterval)
			synctest.Wait()
			select {
			case <-changes:
				return true
			default:
				return false
			}
		}
		put(t, w, instance("i-0a"))
		put(t, w, instance("i-0b"))
		if !isTold() {
			t.Error("two changes are not told")
		}
		if isTold() {
			t.Error("told without a change")
		}
		if err := w.Remove(instance("i-0a")); err != nil {
			t.Fatal(err)
		}
		if !isTold() {
			t.Error("a removal is not told")
		}
	})
}
