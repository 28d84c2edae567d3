package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func (s *server) report(t *testing.T, folder, name, text string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Join(s.dir, folder), 0o700))
	must(t, os.WriteFile(filepath.Join(s.dir, folder, name+".json"), []byte(text), 0o600))
}

// associateHost waits for a machine that really runs, after the lab has said `report` of it; nothing if it is empty.
func associateHost(t *testing.T, s *server, report string) string {
	t.Helper()
	s.hosts = true
	machine := s.make(t, "aws_instance", nil, j{"ami": "ami-0a1b2c3d", "instance_type": "m7i.large"})
	if report != "" {
		s.report(t, machinesFolder, machine.id(), report)
	}
	_, problem := s.tryApply(t, "aws_ssm_association", nil, j{
		"name": "AWS-RunShellScript", "wait_for_success_timeout_seconds": 1,
		"targets": []any{j{"key": "InstanceIds", "values": []any{machine.id()}}},
	})
	return problem
}

func TestReadinessOfAHostIsWhatTheHostSays(t *testing.T) {
	for _, c := range []struct{ what, report, problem string }{
		{"done", `{"name":"s1","state":"running","bootstrap":{"result":"ok"}}`, ""},
		{"failed", `{"name":"s1","state":"running","bootstrap":{"result":"failed:20-data-disk"}}`, "bootstrap of s1 failed at step 20-data-disk"},
		{"still at it", `{"name":"s1","state":"running","bootstrap":{"result":"running"}}`, "timeout: its bootstrap says running"},
		{"booting", `{"name":"s1","state":"pending","bootstrap":null}`, "timeout: it is pending, its bootstrap has not begun"},
		{"not there", "", "timeout: it was never started"},
	} {
		t.Run(c.what, func(t *testing.T) {
			problem := associateHost(t, aws(t), c.report)
			if (problem == "") != (c.problem == "") || !strings.Contains(problem, c.problem) {
				t.Errorf("got %q, expected %q", problem, c.problem)
			}
		})
	}
}

func TestStopEndsTheWaitForAHost(t *testing.T) {
	s := aws(t)
	_, err := s.StopProvider(t.Context(), nil)
	must(t, err)
	if problem := associateHost(t, s, ""); !strings.Contains(problem, errStopped.Error()) {
		t.Errorf("got %q", problem)
	}
}

func TestGroupIsMadeOnceItsMachinesAreInService(t *testing.T) {
	group := j{"name": "workers", "min_size": 1, "max_size": 3, "desired_capacity": 2, "wait_for_capacity_timeout": "1s"}
	for _, c := range []struct{ what, lifecycle, problem string }{
		{"in service", "InService", ""},
		{"waiting", "Pending:Wait", "timeout: 1 of 2 machines are in service"},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := aws(t)
			s.hosts = true
			s.report(t, fleetsFolder, "workers", `{"instances":[{"lifecycle":"InService"},{"lifecycle":"`+c.lifecycle+`"}]}`)
			_, problem := s.tryApply(t, "aws_autoscaling_group", nil, group)
			if (problem == "") != (c.problem == "") || !strings.Contains(problem, c.problem) {
				t.Errorf("got %q, expected %q", problem, c.problem)
			}
		})
	}
	group["wait_for_capacity_timeout"] = "soon"
	recorded := aws(t)
	if _, problem := recorded.tryApply(t, "aws_autoscaling_group", nil, group); !strings.Contains(problem, "wait_for_capacity_timeout") {
		t.Errorf("got %q", problem)
	}
}

// syncHost waits for cluster shop, or for the cluster with the given identifier.
func syncHost(t *testing.T, report, id string, timeouts any) error {
	t.Helper()
	s := start(t, "rancher2", j{"api_url": "https://rancher.test"})
	s.hosts = true
	cluster := s.make(t, "rancher2_cluster_v2", nil, j{"name": "shop", "kubernetes_version": "v1.35.7+rke2r1"})
	if id == "" {
		id = displayed(cluster.attribute("cluster_v1_id"))
	}
	if report != "" {
		s.report(t, clustersFolder, "shop", report)
	}
	return awaitCluster(s, &record{Attrs: j{"cluster_id": id, "timeouts": timeouts}})
}

func TestAClusterIsActiveWhenTheLabSaysSo(t *testing.T) {
	second := j{"create": "1s"}
	for _, c := range []struct {
		what, report, id string
		timeouts         any
		problem          string
	}{
		{"active", `{"ready":true,"nodes":[{"ready":true}]}`, "", nil, ""},
		{"not active", `{"ready":false,"nodes":[{"ready":true},{"ready":false}]}`, "", second, `cluster "shop": timeout: it is not active, 1 of 2 nodes are ready`},
		{"not there", "", "", second, `cluster "shop": timeout: it has no machine`},
		{"Rancher's own", "", "local", second, ""},
		{"wrong timeout", "", "local", j{"create": "soon"}, "timeouts.create"},
	} {
		t.Run(c.what, func(t *testing.T) {
			err := syncHost(t, c.report, c.id, c.timeouts)
			if (err == nil) != (c.problem == "") || (err != nil && !strings.Contains(err.Error(), c.problem)) {
				t.Errorf("got %v, expected %q", err, c.problem)
			}
		})
	}
}
