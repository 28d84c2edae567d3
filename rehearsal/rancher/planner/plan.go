package planner

import (
	"maps"
	"slices"

	"drover/rehearsal/rancher/machine"
)

// addons is where Rancher puts a cluster's additional manifest.
const addons = "rancher/addons.yaml"

// agentKeys are the keys of a cluster's configuration that rke2-agent knows; it refuses the others.
var agentKeys = []string{
	"cloud-provider-config", "cloud-provider-name", "container-runtime-endpoint", "data-dir", "debug",
	"image-credential-provider-bin-dir", "image-credential-provider-config", "kube-proxy-arg", "kubelet-arg",
	"kubelet-path", "node-label", "node-taint", "pause-image", "private-registry", "profile", "protect-kernel-defaults",
	"resolv-conf", "runtime-image", "selinux", "snapshotter", "system-default-registry",
}

// Taints that keep workloads off servers without the worker role.
const (
	etcdTaint         = "node-role.kubernetes.io/etcd:NoExecute"
	controlPlaneTaint = "node-role.kubernetes.io/control-plane:NoSchedule"
)

// machineLabel tells whose node it is.
const machineLabel = "rke.cattle.io/machine"

func (r *round) plan(m machine.Machine, url string) machine.Plan {
	plan := machine.Plan{
		Unit:         machine.AgentUnit,
		Version:      r.cluster.Version,
		Artifact:     r.cluster.Artifact,
		Config:       r.config(m, url),
		JoinedTo:     url,
		CAHash:       r.out.State.CAHash,
		ControlPlane: m.Roles.ControlPlane,
	}
	if m.Roles.Server() {
		plan.Unit = machine.ServerUnit
		if r.cluster.AdditionalManifest != "" {
			plan.Manifests = map[string]string{addons: r.cluster.AdditionalManifest}
		}
	}
	plan.NeedsData = url == machine.InitNode && r.out.State.Initialised
	return plan
}

func (r *round) config(m machine.Machine, url string) map[string]any {
	config := maps.Clone(r.cluster.GlobalConfig)
	if config == nil {
		config = map[string]any{}
	}
	if !m.Roles.Server() {
		maps.DeleteFunc(config, func(key string, _ any) bool { return !slices.Contains(agentKeys, key) })
	}
	config["token"] = r.out.State.ServerToken
	if url != machine.InitNode {
		// with the hash RKE2 refuses the server of another cluster
		config["token"] = "K10" + r.out.State.CAHash + "::server:" + r.out.State.ServerToken
		config["server"] = url
	}
	if m.Registration.NodeName != "" {
		config["node-name"] = m.Registration.NodeName
	}
	if address := m.NodeAddress(); address != "" {
		config["node-ip"] = []string{address}
	}
	if m.Address != "" && m.InternalAddress != "" && m.Address != m.InternalAddress {
		config["node-external-ip"] = []string{m.Address}
	}
	labels := append(slices.Clone(m.Labels), machineLabel+"="+m.UID)
	slices.Sort(labels)
	appendList(config, "node-label", labels)
	appendList(config, "node-taint", taintsOf(m))
	if m.Roles.Server() {
		disable(config, m.Roles)
	}
	return config
}

// disable keeps what another machine does from running on a server that has only one of the two server roles.
func disable(config map[string]any, roles machine.Roles) {
	if !roles.Etcd {
		config["disable-etcd"] = true
	}
	if !roles.ControlPlane {
		for _, key := range []string{"disable-apiserver", "disable-controller-manager", "disable-scheduler"} {
			config[key] = true
		}
	}
}

func taintsOf(m machine.Machine) []string {
	taints := slices.Clone(m.Taints)
	if m.Roles.Worker {
		return taints
	}
	if m.Roles.Etcd {
		taints = append(taints, etcdTaint)
	}
	if m.Roles.ControlPlane {
		taints = append(taints, controlPlaneTaint)
	}
	return taints
}

// appendList adds to what the cluster's configuration has under the key.
func appendList(config map[string]any, key string, items []string) {
	var out []string
	switch given := config[key].(type) {
	case []string:
		out = slices.Clone(given)
	case []any:
		for _, item := range given {
			if text, ok := item.(string); ok {
				out = append(out, text)
			}
		}
	case string:
		out = []string{given}
	}
	if out = append(out, items...); len(out) > 0 {
		config[key] = out
	}
}
