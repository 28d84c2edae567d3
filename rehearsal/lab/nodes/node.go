package nodes

import (
	"slices"
	"strings"

	"drover/rehearsal/lab/cloud/estate"
	"drover/rehearsal/lab/host"
)

// Taints of the cloud provider's interface.
const (
	uninitialized = "node.cloudprovider.kubernetes.io/uninitialized"
	shutDown      = "node.cloudprovider.kubernetes.io/shutdown"
)

// node is the part of a Node that decisions are made by.
type node struct {
	Metadata struct {
		Name              string
		DeletionTimestamp string
	}
	Spec struct {
		ProviderID string
		Taints     []taint
	}
	Status struct {
		Conditions []struct{ Type, Status string }
		Addresses  []address
	}
}

type taint struct{ Key, Effect string }

type address struct {
	Type    string `json:"type"`
	Address string `json:"address"`
}

func (n node) isReady() bool {
	for _, condition := range n.Status.Conditions {
		if condition.Type == "Ready" {
			return condition.Status == "True"
		}
	}
	return false
}

func (n node) hasTaint(key string) bool {
	return slices.ContainsFunc(n.Spec.Taints, func(t taint) bool { return t.Key == key })
}

// machineOf finds a node's machine as the real one does: by the provider id, else by a node name that is the machine's
// private DNS name. It is nil if there is none, or if it is terminated.
func machineOf(one node, machines []host.Machine) *host.Machine {
	id := one.Spec.ProviderID[strings.LastIndex(one.Spec.ProviderID, "/")+1:]
	for index := range machines {
		machine := &machines[index]
		isIt := machine.ID == id
		if one.Spec.ProviderID == "" {
			isIt = privateName(machine) == one.Metadata.Name
		}
		if isIt && machine.State != host.Terminated {
			return machine
		}
	}
	return nil
}

func privateName(machine *host.Machine) string {
	return estate.PrivateName(machine.Address, machine.Region)
}

// inner is a map within an object, made if it is not there.
func inner(object map[string]any, name string) map[string]any {
	found, isMap := object[name].(map[string]any)
	if !isMap {
		found = map[string]any{}
		object[name] = found
	}
	return found
}

// dropTaint takes the taints with a key away.
func dropTaint(object map[string]any, key string) {
	spec := inner(object, "spec")
	taints, _ := spec["taints"].([]any)
	spec["taints"] = slices.DeleteFunc(taints, func(one any) bool {
		member, _ := one.(map[string]any)
		return member["key"] == key
	})
}

func addTaint(object map[string]any, key, effect string) {
	dropTaint(object, key)
	spec := inner(object, "spec")
	taints, _ := spec["taints"].([]any)
	spec["taints"] = append(taints, map[string]any{"key": key, "effect": effect})
}
