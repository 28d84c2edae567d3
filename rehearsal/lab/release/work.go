package release

import (
	"context"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"drover/rehearsal/lab/cloud/registry"
)

const (
	// a cluster may be busy or change its leader when a release comes.
	clusterDeadline   = 60 * time.Second
	uninstallDeadline = 5 * time.Minute
)

// install makes a release be as it is asked for and writes what came of it. An error is one of the lab's own: then the
// request is tried again.
func (p *part) install(ctx context.Context, stem string, wanted request, before Result) error {
	result := wanted.result(Installing, "")
	result.Revision, result.Images = before.Revision, before.Images
	if err := p.results.put(stem, result); err != nil {
		return err
	}
	began := time.Now()
	images, revision, err := p.upgrade(ctx, stem, wanted, result)
	if ctx.Err() != nil {
		return nil // the lab ends; the next one takes it up again
	}
	result.Status, result.Seconds, result.Images = Deployed, time.Since(began).Seconds(), images
	if revision > 0 {
		result.Revision = revision
	}
	if err != nil {
		result.Status, result.Message = Failed, err.Error()
		p.Log.Error("release failed", "release", wanted.name, "cluster", wanted.cluster, "seconds", result.Seconds, "error", err.Error())
	} else {
		p.Log.Info("released", "release", wanted.name, "cluster", wanted.cluster, "revision", revision, "seconds", result.Seconds)
	}
	return p.results.put(stem, result)
}

// upgrade has Helm do it, after what the release needs is in the cluster and its images are known.
func (p *part) upgrade(ctx context.Context, stem string, wanted request, result Result) (images []registry.Image, revision int, err error) {
	images = result.Images
	if wanted.cluster == "" {
		return images, 0, errNoCluster(wanted.object.Scope)
	}
	ctx, cancel := context.WithTimeout(ctx, clusterDeadline+wanted.timeout+helmSlack)
	defer cancel()
	folder, err := os.MkdirTemp("", "drover-release-")
	if err != nil {
		return images, 0, err
	}
	defer os.RemoveAll(folder)
	if err := p.reach(ctx, wanted.cluster, folder); err != nil {
		return images, 0, err
	}
	if err := p.needs.ensure(ctx, place{scope: wanted.object.Scope, namespace: wanted.namespace}, wanted.cluster); err != nil {
		return images, 0, err
	}
	arguments, err := wanted.upgrade(folder)
	if err != nil {
		return images, 0, err
	}
	tool := helm{program: p.Helm, folder: folder}
	planned, err := tool.run(ctx, append(slices.Clone(arguments), "--dry-run=client")...)
	if err != nil {
		return images, 0, err
	}
	if images, err = imagesOf(planned); err != nil {
		return images, 0, err
	}
	result.Images = images // the registry must know before the first pod asks it
	if err := p.results.put(stem, result); err != nil {
		return images, 0, err
	}
	raw, err := tool.run(ctx, arguments...)
	if err != nil {
		return images, 0, err
	}
	var told shown
	err = json.Unmarshal(raw, &told)
	return images, told.Version, err
}

// takeAway uninstalls a release that has left the world. There is nothing to do where nothing was installed, or the
// cluster itself is gone.
func (p *part) takeAway(ctx context.Context, stem string, before Result) error {
	if before.Status == Recorded || !p.hasServers(before.Cluster) {
		return p.results.remove(stem)
	}
	ctx, cancel := context.WithTimeout(ctx, uninstallDeadline)
	defer cancel()
	folder, err := os.MkdirTemp("", "drover-release-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	if err = p.reach(ctx, before.Cluster, folder); err == nil {
		_, err = helm{program: p.Helm, folder: folder}.run(ctx, "uninstall", before.Name, "--namespace", before.Namespace,
			"--ignore-not-found", "--wait", "--timeout", uninstallDeadline.String())
	}
	if err != nil {
		before.Message = err.Error() // the provider waits, and tells it if it waits in vain
		if writeErr := p.results.put(stem, before); writeErr != nil {
			return writeErr
		}
		return err
	}
	p.Log.Info("taken away", "release", before.Name, "cluster", before.Cluster)
	return p.results.remove(stem)
}

// chartName is the name that a chart gives itself.
func chartName(folder string) string {
	raw, err := os.ReadFile(filepath.Join(folder, "Chart.yaml"))
	if err != nil {
		return ""
	}
	for _, line := range strings.Split(string(raw), "\n") {
		if name, ok := strings.CutPrefix(line, "name:"); ok {
			return strings.Trim(strings.TrimSpace(name), `"'`)
		}
	}
	return ""
}

func sortedKeys[V any](of map[string]V) []string { return slices.Sorted(maps.Keys(of)) }
