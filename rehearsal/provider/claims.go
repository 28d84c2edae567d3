package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// claim is a value that only one object may have at a time: a load balancer's name, an interface's address.
type claim struct {
	file  string
	paths []string
	value string
}

// takenError says that another object has the value.
type takenError struct{ claim claim }

func (e *takenError) Error() string {
	return fmt.Sprintf("AlreadyExists: %s (%s) is in use", strings.Join(e.claim.paths, ", "), e.claim.value)
}

// claimsOf are the values that an object takes; one with a part that is not set takes nothing.
func (w *world) claimsOf(groups [][]string, kind, scope string, attrs map[string]any) []claim {
	var out []claim
next:
	for _, group := range groups {
		values := make([]string, len(group))
		for i, path := range group {
			value := jsonAt(attrs, path)
			if value == nil || value == "" {
				continue next
			}
			values[i] = fmt.Sprint(value)
		}
		raw, _ := json.Marshal([]any{kind, scope, group, values})
		sum := sha256.Sum256(raw)
		out = append(out, claim{
			file:  filepath.Join(w.root, ".claims", hex.EncodeToString(sum[:12])),
			paths: group,
			value: strings.Join(values, ", "),
		})
	}
	return out
}

// take makes the claims for an object, all or none; a claim that the object itself holds is fine.
func (w *world) take(claims []claim, owner string) error {
	if err := os.MkdirAll(filepath.Join(w.root, ".claims"), 0o700); err != nil {
		return err
	}
	for i, c := range claims {
		file, err := os.OpenFile(c.file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err == nil {
			_, err = file.WriteString(owner)
			if closeErr := file.Close(); err == nil {
				err = closeErr
			}
		} else if errors.Is(err, os.ErrExist) {
			if holder, readErr := os.ReadFile(c.file); readErr == nil && string(holder) == owner {
				continue
			}
			err = &takenError{claim: c}
		}
		if err != nil {
			_ = w.release(claims[:i], owner)
			return err
		}
	}
	return nil
}

// release gives up the claims that the object holds.
func (w *world) release(claims []claim, owner string) error {
	for _, c := range claims {
		if holder, err := os.ReadFile(c.file); err != nil || string(holder) != owner {
			continue
		}
		if err := os.Remove(c.file); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// without lists the claims of one list that the other lacks.
func without(claims, others []claim) []claim {
	known := map[string]bool{}
	for _, c := range others {
		known[c.file] = true
	}
	var out []claim
	for _, c := range claims {
		if !known[c.file] {
			out = append(out, c)
		}
	}
	return out
}
