package main

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func withFaults(t *testing.T, text string) *server {
	t.Helper()
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "faults.json"), []byte(text), 0o600))
	return startIn(t, dir, "aws", j{"region": "eu-west-1"})
}

func TestFaultsOfEachMode(t *testing.T) {
	cases := []struct {
		mode string
		made bool
		says string
	}{
		{"refuse", false, "InternalError"},
		{"partial", true, "InternalError"},
		{"throttle", false, "ThrottlingException"},
		{"timeout", false, "RequestTimeout"},
	}
	for _, c := range cases {
		t.Run(c.mode, func(t *testing.T) {
			s := withFaults(t, `[{"type":"aws_v*","op":"create","mode":"`+c.mode+`"}]`)
			out, problem := s.tryApply(t, "aws_vpc", nil, j{"cidr_block": "10.0.0.0/16"})
			equal(t, "made", out != nil, c.made)
			equal(t, "in the world", len(s.objects(t, "aws_vpc")) == 1, c.made)
			for _, part := range []string{c.says, "injected"} {
				if !strings.Contains(problem, part) {
					t.Errorf("%q does not say %q", problem, part)
				}
			}
			s.make(t, "aws_vpc", nil, j{"cidr_block": "10.0.0.0/16"}) // a fault is used up
		})
	}
}

func TestFaultIsUsedExactlyAsOftenAsItSays(t *testing.T) {
	s := withFaults(t, `[{"type":"aws_iam_role","times":5,"error":"boom"}]`)
	var struck int
	var lock sync.Mutex
	var all sync.WaitGroup
	for range 40 {
		all.Add(1)
		go func() {
			defer all.Done()
			if s.strike("aws_iam_role", "create", "server") != nil {
				lock.Lock()
				struck++
				lock.Unlock()
			}
		}()
	}
	all.Wait()
	equal(t, "struck", struck, 5)
}

func TestFaultsChooseTheirOperation(t *testing.T) {
	s := withFaults(t, `[{"type":"aws_vpc","op":"delete","match":"vpc-"},{"type":"aws_ssm_parameter","op":"open","mode":"throttle","error":"slow down"}]`)
	vpc := s.make(t, "aws_vpc", nil, j{"cidr_block": "10.0.0.0/16"})
	if problem := s.destroy(t, vpc); !strings.Contains(problem, "injected") {
		t.Errorf("got %q", problem)
	}
	equal(t, "the second destroy", s.destroy(t, vpc), "")
	_, problem := s.ephemeral(t, "aws_ssm_parameter", j{"arn": "arn:aws:ssm:eu-west-1:1:parameter/a"})
	if !strings.Contains(problem, "ThrottlingException: slow down") {
		t.Errorf("got %q", problem)
	}
}

func TestFaultsOfAnUnknownModeAreRefused(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "faults.json"), []byte(`[{"type":"aws_vpc","mode":"explode"}]`), 0o600))
	if _, err := loadFaults(dir); err == nil || !strings.Contains(err.Error(), `mode "explode" of entry 0`) {
		t.Errorf("got %v", err)
	}
}

// Terraform hands nothing of the provider's own memory back when it destroys an object whose creation failed half-way.
func TestObjectsThatFailedHalfWayAreFoundAgain(t *testing.T) {
	dir := t.TempDir()
	charts := startIn(t, dir, "helm", j{"kubernetes": j{"host": "https://127.0.0.1:6443"}})
	release := j{"name": "shop", "chart": "app", "namespace": "shop"}
	made := charts.make(t, "helm_release", nil, release)
	made.private = nil
	equal(t, "destroying", charts.destroy(t, made), "")
	charts.make(t, "helm_release", nil, release)

	values := startIn(t, dir, "random", j{})
	password := values.make(t, "random_password", nil, j{"length": 20})
	twin := values.make(t, "random_password", nil, j{"length": 20})
	password.private = nil
	equal(t, "destroying", values.destroy(t, password), "")
	equal(t, "the twin", values.refresh(t, twin) != nil, true)
	equal(t, "left", len(values.objects(t, "random_password")), 1)
	equal(t, "result", displayed(values.objects(t, "random_password")[0].Attrs["result"]), displayed(twin.attribute("result")))
}
