package main

import (
	"errors"
	"slices"
	"testing"
)

func TestOptionsStandOnEitherSideOfTheMachine(t *testing.T) {
	o, err := parse([]string{"--workspace", "/w", "s1", "--deadline", "5", "--", "ls", "--json"})
	if err != nil {
		t.Fatal(err)
	}
	if o.lab() != "/w/lab" || o.deadlineSec != 5 || o.json || !slices.Equal(o.rest, []string{"s1"}) ||
		!slices.Equal(o.command, []string{"ls", "--json"}) || o.artifacts != "/w/lab/artifacts" {
		t.Fatalf("got %+v", o)
	}
}

func TestAWorkspaceIsRequiredAndUnknownOptionsAreRefused(t *testing.T) {
	for _, arguments := range [][]string{{}, {"--workspace", "/w", "--novel"}} {
		if _, err := parse(arguments); !errors.Is(err, errUsage) {
			t.Errorf("%q gives %v", arguments, err)
		}
	}
}

func TestACommandThatTheNewMachineLacksMayBeGivenSeveralTimes(t *testing.T) {
	o, err := parse([]string{"--workspace", "/w", "--wipe", "--without", "mkfs.xfs", "s1", "--without", "curl"})
	if err != nil || !o.wipe || !slices.Equal(o.without, []string{"mkfs.xfs", "curl"}) || !slices.Equal(o.rest, []string{"s1"}) {
		t.Fatalf("got %+v, %v", o, err)
	}
}
