package main

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// chartHere is a chart in a folder, as the stacks have the house chart.
func chartHere(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	must(t, os.WriteFile(filepath.Join(folder, "Chart.yaml"), []byte("name: app\n"), 0o600))
	return folder
}

func startWithLab(t *testing.T) *server {
	t.Helper()
	s := start(t, "helm", j{"kubernetes": j{"host": "https://rancher.test/k8s/clusters/c-m-11111111"}})
	s.hosts = true
	must(t, os.MkdirAll(filepath.Join(s.dir, releasesFolder), 0o700))
	return s
}

// lab answers each new request in turn with the rest of a report; "" takes the report away.
func lab(t *testing.T, s *server, answers ...string) {
	t.Helper()
	ended := make(chan struct{})
	t.Cleanup(func() { <-ended })
	go func() {
		defer close(ended)
		seen := ""
		for end := time.Now().Add(60 * time.Second); len(answers) > 0 && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			all, err := s.world.all("helm_release")
			if err != nil {
				continue
			}
			for _, release := range all {
				asked, _ := release.Live[liveAsked].(string)
				if asked == "" || asked == seen {
					continue
				}
				seen = asked
				path := filepath.Join(s.dir, releasesFolder, s.world.stemOf(release)+".json")
				_ = os.WriteFile(path, []byte(`{"asked":"`+asked+`",`+answers[0]+`}`), 0o600)
				answers = answers[1:]
			}
		}
	}()
}

const deployed = `"status":"deployed"`

func failed(message string) string { return `"status":"failed","message":"` + message + `"` }

func TestAReleaseIsMadeOnceTheLabHasInstalledIt(t *testing.T) {
	s := startWithLab(t)
	chart := chartHere(t)
	lab(t, s, deployed, deployed)
	config := j{"name": "shop", "namespace": "shop", "chart": chart, "values": []any{"port: 80"}}
	made := s.make(t, "helm_release", nil, config)
	first := s.objects(t, "helm_release")[0].Live
	equal(t, "chart", first[liveChart], chart)
	config["values"] = []any{"port: 81"}
	s.make(t, "helm_release", made, config)
	if again := s.objects(t, "helm_release")[0].Live; again[liveAsked] == first[liveAsked] {
		t.Error("an update is the same request")
	}
}

func TestWhatHelmSaysFailsTheApply(t *testing.T) {
	for _, c := range []struct {
		what   string
		atomic bool
		left   int
	}{{"taken away by Helm", true, 0}, {"left for a person to look at", false, 1}} {
		t.Run(c.what, func(t *testing.T) {
			s := startWithLab(t)
			lab(t, s, failed("context deadline exceeded"))
			made, problem := s.tryApply(t, "helm_release", nil, j{"name": "shop", "chart": chartHere(t), "atomic": c.atomic})
			if !strings.Contains(problem, "creating helm_release (shop): context deadline exceeded") && c.left == 1 ||
				!strings.Contains(problem, "context deadline exceeded") {
				t.Errorf("got %q", problem)
			}
			if len(s.objects(t, "helm_release")) != c.left || (made != nil) != (c.left == 1) {
				t.Errorf("%d objects left, state %v", len(s.objects(t, "helm_release")), made)
			}
		})
	}
}

func TestAFailedUpgradeKeepsWhatWasBefore(t *testing.T) {
	s := startWithLab(t)
	lab(t, s, deployed, failed("UPGRADE FAILED: rolled back"), deployed)
	config := j{"name": "shop", "chart": chartHere(t), "atomic": true, "values": []any{"port: 80"}}
	made := s.make(t, "helm_release", nil, config)
	config["values"] = []any{"port: 81"}
	kept, problem := s.tryApply(t, "helm_release", made, config)
	if !strings.Contains(problem, "UPGRADE FAILED: rolled back") {
		t.Errorf("got %q", problem)
	}
	equal(t, "state", kept.attribute("values.0"), "port: 80")
	equal(t, "world", jsonAt(s.objects(t, "helm_release")[0].Attrs, "values.0"), "port: 80")
	if after := s.refresh(t, kept); after.attribute("values.0") != "port: 80" {
		t.Error("a refresh shows what failed as if it were there")
	}
	s.make(t, "helm_release", kept, config)
}

func TestADestroyWaitsUntilTheReleaseIsUninstalled(t *testing.T) {
	s := startWithLab(t)
	lab(t, s, deployed)
	made := s.make(t, "helm_release", nil, j{"name": "shop", "chart": chartHere(t)})
	socket, err := net.Listen("unix", filepath.Join(s.dir, controlSocket))
	must(t, err)
	t.Cleanup(func() { _ = socket.Close() })
	report := filepath.Join(s.dir, releasesFolder, s.world.stemOf(s.objects(t, "helm_release")[0])+".json")
	var isUninstalled atomic.Bool
	time.AfterFunc(300*time.Millisecond, func() {
		isUninstalled.Store(true)
		_ = os.Remove(report)
	})
	if problem := s.destroy(t, made); problem != "" {
		t.Fatal(problem)
	}
	if !isUninstalled.Load() {
		t.Error("it did not wait")
	}
}

func TestADestroyDoesNotWaitForALabThatIsGone(t *testing.T) {
	s := startWithLab(t)
	lab(t, s, deployed)
	made := s.make(t, "helm_release", nil, j{"name": "shop", "chart": chartHere(t)})
	began := time.Now()
	if problem := s.destroy(t, made); problem != "" || time.Since(began) > 30*time.Second {
		t.Errorf("got %q after %s", problem, time.Since(began))
	}
}

func TestAStopEndsTheWaitForARelease(t *testing.T) {
	s := startWithLab(t)
	_, err := s.StopProvider(t.Context(), nil)
	must(t, err)
	_, problem := s.tryApply(t, "helm_release", nil, j{"name": "shop", "chart": chartHere(t), "atomic": true})
	if !strings.Contains(problem, errStopped.Error()) || len(s.objects(t, "helm_release")) != 1 {
		t.Errorf("got %q", problem)
	}
}

func TestNobodyWaitsForAChartThatIsNotHere(t *testing.T) {
	s := startWithLab(t)
	s.make(t, "helm_release", nil, j{"name": "web", "chart": "ingress", "repository": "https://charts.test"})
	live := s.objects(t, "helm_release")[0].Live
	if live[liveChart] != "" || live[liveAsked] == "" {
		t.Errorf("live is %v", live)
	}
	_, problem := s.tryApply(t, "helm_release", nil, j{"name": "lost", "chart": "./assets/none"})
	if !strings.Contains(problem, `path "./assets/none" not found`) {
		t.Errorf("got %q", problem)
	}
}

func TestWithoutALabReleasesAreRecorded(t *testing.T) {
	s := start(t, "helm", j{})
	s.make(t, "helm_release", nil, j{"name": "shop", "chart": chartHere(t)})
	if live := s.objects(t, "helm_release")[0].Live; live != nil {
		t.Errorf("live is %v", live)
	}
}
