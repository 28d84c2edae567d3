package agent

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"drover/rehearsal/rancher/machine"
)

// RKE2's own places.
const (
	configFile      = "/etc/rancher/rke2/config.yaml.d/50-rancher.yaml"
	adminKubeconfig = "/etc/rancher/rke2/rke2.yaml"
	manifestsFolder = "/var/lib/rancher/rke2/server/manifests"
	serverToken     = "/var/lib/rancher/rke2/server/token"
	etcdWAL         = "/var/lib/rancher/rke2/server/db/etcd/member/wal"
	kubeletConfig   = "/var/lib/rancher/rke2/agent/kubelet.kubeconfig"
)

// apply brings the machine one step nearer to its plan. It compares with what is there instead of with what was done
// before: after a renewal the root disk is new while the data disk still has the last plan.
func (a *Agent) apply(ctx context.Context, plan machine.Plan) error {
	if err := a.checkData(plan); err != nil {
		return err
	}
	if err := a.install(ctx, plan); err != nil {
		return err
	}
	config, err := json.MarshalIndent(plan.Config, "", "  ")
	if err != nil {
		return err
	}
	changed, err := a.ensureFile(configFile, append(config, '\n'))
	if err != nil {
		return err
	}
	for name, content := range plan.Manifests {
		if !filepath.IsLocal(name) {
			return fmt.Errorf("manifest '%s' leaves its folder", name)
		}
		if _, err := a.ensureFile(filepath.Join(manifestsFolder, name), []byte(content)); err != nil {
			return err
		}
	}
	return a.start(ctx, plan, changed)
}

// checkData keeps a machine from beginning a second cluster, and from bringing the data of another one.
func (a *Agent) checkData(plan machine.Plan) error {
	if plan.Unit != machine.ServerUnit {
		return nil
	}
	has := a.hasData()
	if plan.NeedsData && !has {
		return errors.New("this machine should keep its cluster but its disk holds no etcd member: starting would begin a second cluster; restore a snapshot")
	}
	if own := a.caHash(); has && own != "" && plan.CAHash != "" && own != plan.CAHash {
		return fmt.Errorf("the disk holds a member of another cluster (CA hash '%s', this cluster has '%s'): give the machine an empty disk", own, plan.CAHash)
	}
	return nil
}

// ensureFile says whether it had to write the file.
func (a *Agent) ensureFile(path string, content []byte) (bool, error) {
	present, err := os.ReadFile(a.path(path))
	if err == nil && bytes.Equal(present, content) {
		return false, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	a.options.Log.Info("file written", "path", path)
	return true, writeFile(a.path(path), content, 0o600)
}

// start starts the unit, or starts it anew when something changed that it must read again. It does not wait: the next
// looks tell whether it became healthy. A unit that is still joining reads every change; one that runs keeps its own list
// of servers.
func (a *Agent) start(ctx context.Context, plan machine.Plan, changed bool) error {
	state := a.unitState(ctx, plan.Unit)
	started, err := os.ReadFile(a.startedFile())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	verb := "start"
	switch {
	case state == "active" || state == "activating" || state == "reloading":
		if string(started) == plan.RestartHash() && !(changed && state == "activating") {
			return nil
		}
		verb = "restart"
	case state == "deactivating":
		return nil
	}
	if _, err := a.systemctl(ctx, "enable", "--quiet", plan.Unit+".service"); err != nil {
		return err
	}
	// written first: a start that is cut off is a start of an inactive unit the next time
	if err := writeFile(a.startedFile(), []byte(plan.RestartHash()), 0o600); err != nil {
		return err
	}
	a.options.Log.Info("unit started", "unit", plan.Unit, "verb", verb, "joins", plan.JoinedTo)
	_, err = a.systemctl(ctx, verb, "--no-block", plan.Unit+".service")
	return err
}

func (a *Agent) hasData() bool {
	entries, err := os.ReadDir(a.path(etcdWAL))
	return err == nil && len(entries) > 0
}

// caHash is the hash of the cluster's CA in the token that RKE2 keeps.
func (a *Agent) caHash() string {
	raw, err := os.ReadFile(a.path(serverToken))
	if err != nil {
		return ""
	}
	hash, _, ok := strings.Cut(strings.TrimPrefix(string(raw), "K10"), "::")
	if !ok || len(hash) != 64 {
		return ""
	}
	return hash
}
