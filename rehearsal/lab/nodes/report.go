package nodes

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// report is what others may know of a cluster: the content of lab/clusters/<name>.json.
type report struct {
	Name string `json:"name"`
	// Ready says that the API answers and that there is a node that Rancher's agent could run on: ready and initialised.
	Ready bool         `json:"ready"`
	Nodes []nodeReport `json:"nodes"`
}

// nodeReport is one node, as it was when the API answered last.
type nodeReport struct {
	Name       string `json:"name"`
	Ready      bool   `json:"ready"`
	ProviderID string `json:"providerID"`
}

func reportOf(cluster string, found []node) report {
	out := report{Name: cluster, Nodes: []nodeReport{}}
	for _, one := range found {
		out.Nodes = append(out.Nodes, nodeReport{Name: one.Metadata.Name, Ready: one.isReady(), ProviderID: one.Spec.ProviderID})
		out.Ready = out.Ready || (one.isReady() && !one.hasTaint(uninitialized))
	}
	slices.SortFunc(out.Nodes, func(a, b nodeReport) int { return strings.Compare(a.Name, b.Name) })
	return out
}

func (k *keeper) reportPath() string {
	return filepath.Join(k.Workspace, reportsFolder, k.cluster+".json")
}

// publish replaces the report whole if it says something new.
func (k *keeper) publish() error {
	if k.report.Nodes == nil { // nobody has answered so far
		k.report = reportOf(k.cluster, nil)
	}
	raw, err := json.MarshalIndent(k.report, "", " ")
	if err != nil || bytes.Equal(raw, k.written) {
		return err
	}
	target := k.reportPath()
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return err
	}
	// one writer a report: the name need not be unique
	temporary := filepath.Join(filepath.Dir(target), "."+k.cluster+".new")
	if err := os.WriteFile(temporary, append(raw, '\n'), 0o600); err != nil {
		return err
	}
	if err := os.Rename(temporary, target); err != nil {
		return err
	}
	k.written = raw
	return nil
}

// withdraw takes the report away: nobody keeps it true any more.
func (k *keeper) withdraw() {
	if err := os.Remove(k.reportPath()); err != nil && !os.IsNotExist(err) {
		k.Log.Error("report stays", "cluster", k.cluster, "error", err)
	}
}
