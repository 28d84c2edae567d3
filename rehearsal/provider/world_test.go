package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestWorldGivesANameToOneOfMany(t *testing.T) {
	dir := t.TempDir()
	var wins, losses int
	var lock sync.Mutex
	var all sync.WaitGroup
	for range 32 {
		all.Add(1)
		go func() {
			defer all.Done()
			w, err := newWorld(dir) // each stands for a process of its own
			if err == nil {
				err = w.create(&record{Type: "aws_iam_role", ID: "server", Scope: globalScope, Attrs: j{"name": "server"}}, false)
			}
			lock.Lock()
			defer lock.Unlock()
			if err == nil {
				wins++
			} else if errors.Is(err, errTaken) {
				losses++
			} else {
				t.Error(err)
			}
		}()
	}
	all.Wait()
	equal(t, "wins", wins, 1)
	equal(t, "losses", losses, 31)
}

func TestWorldGivesAClaimToOneOfMany(t *testing.T) {
	w, err := newWorld(t.TempDir())
	must(t, err)
	claims := w.claimsOf([][]string{{"name"}}, "aws_lb", "eu-west-1", j{"name": "api"})
	var wins, losses int
	var lock sync.Mutex
	var all sync.WaitGroup
	for i := range 32 {
		all.Add(1)
		go func() {
			defer all.Done()
			err := w.take(claims, "owner "+string(rune('a'+i)))
			lock.Lock()
			defer lock.Unlock()
			var taken *takenError
			if err == nil {
				wins++
			} else if errors.As(err, &taken) {
				losses++
			}
		}()
	}
	all.Wait()
	equal(t, "wins", wins, 1)
	equal(t, "losses", losses, 31)
}

func TestWorldNeverShowsHalfAnObject(t *testing.T) {
	w, err := newWorld(t.TempDir())
	must(t, err)
	r := &record{Type: "aws_vpc", ID: "vpc-1", Scope: "eu-west-1", Attrs: j{"text": strings.Repeat("x", 1<<16)}}
	must(t, w.create(r, false))
	stop := make(chan struct{})
	var writer sync.WaitGroup
	writer.Add(1)
	go func() {
		defer writer.Done()
		for {
			select {
			case <-stop:
				return
			default:
				if err := w.put(r); err != nil {
					t.Error(err)
					return
				}
			}
		}
	}()
	for range 200 {
		found, err := w.all("aws_vpc")
		if err != nil || len(found) != 1 {
			t.Fatalf("got %d objects, %v", len(found), err)
		}
	}
	close(stop)
	writer.Wait()
}

func TestWorldIsForItsOwnerAlone(t *testing.T) {
	s := aws(t)
	s.make(t, "aws_ssm_parameter", nil, j{"name": "/a", "type": "SecureString", "value_wo": "x", "value_wo_version": 1})
	err := filepath.Walk(s.dir, func(path string, info os.FileInfo, err error) error {
		if err == nil && path != s.dir && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return err
	})
	must(t, err)
}

func TestWorldTellsLongAndEqualNamesApart(t *testing.T) {
	w, err := newWorld(t.TempDir())
	must(t, err)
	long := strings.Repeat("a", 300)
	for _, r := range []*record{
		{Type: "t", ID: long + "b"}, {Type: "t", ID: "x" + long + "b"}, {Type: "t", ID: "a/b"}, {Type: "t", ID: "a_b"},
		{Type: "t", ID: "hook", Key: "one/hook"}, {Type: "t", ID: "hook", Key: "two/hook"},
	} {
		must(t, w.create(r, false))
		found, err := w.get("t", "", r.ID, r.Key)
		must(t, err)
		equal(t, "found", found.ID+found.Key, r.ID+r.Key)
	}
}

func TestEventsAreOneLineAnOperation(t *testing.T) {
	s := aws(t)
	vpc := s.make(t, "aws_vpc", nil, j{"cidr_block": "10.0.0.0/16"})
	raw, err := os.ReadFile(filepath.Join(s.dir, "events.jsonl"))
	must(t, err)
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
	var last event
	must(t, decodeJSON([]byte(lines[len(lines)-1]), &last))
	equal(t, "event", []any{last.Op, last.Type, last.ID, last.Provider}, []any{"create", "aws_vpc", vpc.id(), "aws"})
	if last.T == 0 {
		t.Error("the event has no time")
	}
}

func TestNoObjectIsHiddenByWhereItsIdentifierIsCut(t *testing.T) {
	long := strings.Repeat("a", 200)
	for _, id := range []string{long + "." + long[:79], "." + long, ".hidden"} {
		if stem := fileStem(id); strings.HasPrefix(stem, ".") || len(stem) > shownIDLength {
			t.Errorf("%q", stem)
		}
	}
}
