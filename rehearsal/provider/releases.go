package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// In a rehearsal with hosts the lab installs the releases whose charts are here, and says in a file for each what came
// of it. What it is to do stands in the release's object: the request's name and the chart's folder.
const (
	releasesFolder = "lab/releases"
	controlSocket  = "lab/control.sock"
	// the name of a request among what is live of a release, and where its chart lies.
	liveAsked = "asked"
	liveChart = "chart"
	// what the lab may need beside Helm's own time: a cluster that is busy, a failed upgrade that is rolled back.
	releaseSlack = 3 * time.Minute
	// how long a lab that is busy may take to let somebody in.
	labAnswersWithin = 30 * time.Second
	// Helm's own, where the resource has none.
	helmTimeoutSec = 300
)

// releaseReport is what the lab says of a release.
type releaseReport struct {
	Asked   string `json:"asked"`
	Status  string `json:"status"`
	Message string `json:"message"`
}

// undoneError is the failure of a creation that left nothing: Terraform must not remember the object.
type undoneError struct {
	error
}

// installsReleases tells whether there is a lab that does.
func (s *server) installsReleases() bool {
	if !s.hosts {
		return false
	}
	_, err := os.Stat(filepath.Join(s.dir, releasesFolder))
	return err == nil
}

// installRelease asks the lab for a new release and waits until it is ready. Helm takes an atomic one away when it fails.
func installRelease(s *server, release *record) error {
	err := s.askForRelease(release)
	if atomic, _ := release.Attrs["atomic"].(bool); err != nil && atomic && !errors.Is(err, errStopped) {
		return &undoneError{err}
	}
	return err
}

// upgradeRelease asks for a release as it is now. When that fails Terraform keeps what was before, and the world does:
// the lab has rolled back, or left the release for a person to look at.
func upgradeRelease(s *server, before, after *record) error {
	err := s.askForRelease(after)
	if err == nil {
		return nil
	}
	before.Live = after.Live
	return errors.Join(err, s.world.put(before))
}

func (s *server) askForRelease(release *record) error {
	if !s.installsReleases() {
		return nil
	}
	chart, err := chartFolder(release)
	if err != nil {
		return err
	}
	asked := strconv.FormatInt(time.Now().UnixNano(), 36)
	if release.Live == nil {
		release.Live = map[string]any{}
	}
	release.Live[liveAsked], release.Live[liveChart] = asked, chart
	if err := s.world.put(release); err != nil || chart == "" {
		return err
	}
	last := "the lab has not begun"
	return s.await(s.releaseDeadline(release), func() (bool, error) {
		var report releaseReport
		found, err := s.readReport(releasesFolder, s.world.stemOf(release), &report)
		if err != nil || !found || report.Asked != asked {
			return false, err
		}
		last = "it is " + report.Status
		if report.Status == "failed" {
			return false, errors.New(report.Message)
		}
		return report.Status == "deployed", nil
	}, func() string { return last })
}

// labAnswers tells whether a lab runs: a destroy must not wait for one that was killed, and its clusters with it.
func (s *server) labAnswers() bool {
	// The socket of a lab that is gone refuses at once; one that is busy is waited for.
	connection, err := net.DialTimeout("unix", filepath.Join(s.dir, controlSocket), labAnswersWithin)
	if err != nil {
		return false
	}
	_ = connection.Close()
	return true
}

// awaitUninstalled waits until the lab has taken a release away that has left the world.
func awaitUninstalled(s *server, release *record) error {
	if !s.installsReleases() || !s.labAnswers() {
		return nil
	}
	last := ""
	return s.await(s.releaseDeadline(release), func() (bool, error) {
		var report releaseReport
		found, err := s.readReport(releasesFolder, s.world.stemOf(release), &report)
		last = strings.TrimSuffix("it is still installed: "+report.Message, ": ")
		return !found, err
	}, func() string { return last })
}

func (s *server) releaseDeadline(release *record) time.Time {
	seconds := wholeNumber(release.Attrs["timeout"], helmTimeoutSec)
	return time.Now().Add(time.Duration(seconds)*time.Second + releaseSlack)
}

// chartFolder is where a chart lies that a path names, seen from the stack's folder, in which this program runs; empty for
// the chart of a repository.
func chartFolder(release *record) (string, error) {
	chart := textOf(release.Attrs, "chart")
	if textOf(release.Attrs, "repository") != "" || !strings.HasPrefix(chart, ".") && !filepath.IsAbs(chart) {
		return "", nil
	}
	folder, err := filepath.Abs(chart)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(filepath.Join(folder, "Chart.yaml")); err != nil {
		return "", fmt.Errorf("path %q not found: it holds no chart", chart)
	}
	return folder, nil
}

// stemOf is the name of an object's file without its ending.
func (w *world) stemOf(r *record) string {
	return strings.TrimSuffix(filepath.Base(w.pathOf(r)), ".json")
}
