package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestLimitsAreRaisedAndGivenBackEvenAfterAKill(t *testing.T) {
	lab := t.TempDir()
	low, high := filepath.Join(lab, "low"), filepath.Join(lab, "high")
	defer func(own map[string]string) { limits = own }(limits)
	limits = map[string]string{low: "8192", high: "8192"}
	for path, value := range map[string]string{low: "128\n", high: "16384\n"} {
		if err := os.WriteFile(path, []byte(value), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	read := func(path string) string {
		raw, _ := os.ReadFile(path)
		return string(raw)
	}
	// the second time stands for a lab that starts after one that was killed
	for range 2 {
		if err := raiseLimits(lab); err != nil {
			t.Fatal(err)
		}
	}
	if read(low) != "8192" || read(high) != "16384\n" {
		t.Fatalf("raised to %q and %q", read(low), read(high))
	}
	if err := restoreLimits(lab); err != nil {
		t.Fatal(err)
	}
	if read(low) != "128" || read(high) != "16384\n" {
		t.Fatalf("given back %q and %q", read(low), read(high))
	}
}
